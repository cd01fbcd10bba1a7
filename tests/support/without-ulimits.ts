import { once } from "node:events";
import { FaultyEngine } from "./faulty-engine";

/**
 * Stands between the tests and an engine whose runtime may not set limits of a process (`ulimit`), as it lacks
 * CAP_SYS_RESOURCE, and would refuse each container that asks for some: `node without-ulimits.js SOCKET`. Prints where it is
 * reached, and ends with its standard input.
 */
async function main([socket = ""]: string[]): Promise<void> {
  const engine = await new FaultyEngine(socket).start();
  engine.fault = (request) => (request.startsWith("POST /containers/create") ? { overlooks: "Ulimits" } : undefined);
  process.stdout.write(`${engine.host}\n`);
  await once(process.stdin.resume(), "close");
  engine.stop();
}

void main(process.argv.slice(2));
