import { once } from "node:events";
import { z } from "zod";
import { FaultyEngine } from "./faulty-engine";

const spec = z.looseObject({ HostConfig: z.looseObject({ Ulimits: z.array(z.unknown()).optional() }) });

/**
 * Stands between the tests and a Podman that lacks CAP_SYS_RESOURCE: where a container asks for any limit of a process
 * (`ulimit`), Podman forgets its configured ones, and the highest that it takes instead cannot be set. So those are added:
 * `node low-ulimits.js SOCKET '{"nofile":20000}'`. Prints where it is reached, and ends with its standard input.
 */
async function main([socket = "", limits = "{}"]: string[]): Promise<void> {
  const added = Object.entries<number>(JSON.parse(limits)).map(([Name, limit]) => ({ Name, Soft: limit, Hard: limit }));
  const engine = await new FaultyEngine(socket).start();
  const rewrites = (body: string) => {
    const asked = spec.parse(JSON.parse(body));
    const { Ulimits } = asked.HostConfig;
    return Ulimits
      ? JSON.stringify({ ...asked, HostConfig: { ...asked.HostConfig, Ulimits: [...Ulimits, ...added] } })
      : body;
  };
  engine.fault = (request) => (request.startsWith("POST /containers/create") ? { rewrites } : undefined);
  process.stdout.write(`${engine.host}\n`);
  await once(process.stdin.resume(), "close");
  engine.stop();
}

void main(process.argv.slice(2));
