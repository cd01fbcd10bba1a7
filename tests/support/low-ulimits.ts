import { once } from "node:events";
import { z } from "zod";
import { FaultyEngine } from "./faulty-engine";

const spec = z.looseObject({ HostConfig: z.looseObject({ Ulimits: z.array(z.unknown()).optional() }).default({}) });

/**
 * A proxy between the tests and a Podman without CAP_SYS_RESOURCE: if a create sets any `ulimit`, Podman ignores its
 * configured ones and uses the maximum instead, which it then cannot set. So the proxy adds them:
 * `node low-ulimits.js SOCKET '{"nofile":20000}'`. Prints its address, and ends with its standard input.
 */
async function main([socket = "", limits = "{}"]: string[]): Promise<void> {
  const added = Object.entries<number>(JSON.parse(limits)).map(([Name, limit]) => ({ Name, Soft: limit, Hard: limit }));
  const engine = await new FaultyEngine(socket).start();
  const rewrites = (body: string) => {
    const requested = spec.parse(JSON.parse(body));
    const { Ulimits } = requested.HostConfig;
    return Ulimits
      ? JSON.stringify({ ...requested, HostConfig: { ...requested.HostConfig, Ulimits: [...Ulimits, ...added] } })
      : body;
  };
  engine.fault = (request) => (request.startsWith("POST /containers/create") ? { rewrites } : undefined);
  process.stdout.write(`${engine.host}\n`);
  await once(process.stdin.resume(), "close");
  engine.stop();
  process.exit(); // Podman keeps the streams of an `exec` open for another five minutes (conmon's --exit-delay)
}

void main(process.argv.slice(2));
