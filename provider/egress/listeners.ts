import { createSocket, type Socket as DatagramSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { codeOf } from "./checks/error-code";
import { doors } from "./inbound/ingress";
import { parseStartConfiguration, type StartConfiguration } from "./policy/start-configuration";

/**
 * Started by launch.js inside the network namespace of a sandbox: makes the sockets on which its gateway listens, hands
 * them over and ends. A socket belongs to the namespace in which it was made, whoever holds it: so the gateway, which is
 * in another one, accepts what comes from inside the sandbox, and no network leads from one to the other.
 */
async function handOver({ address, ports }: StartConfiguration): Promise<void> {
  for (const door of doors) {
    const server = createServer(turnAway);
    await bound(server.listen(ports[door], address), `port ${ports[door]}`, address);
    await give(door, server);
  }
  const socket = createSocket("udp4");
  socket.bind(ports.dns, address);
  await give("datagrams", await bound(socket, `UDP port ${ports.dns}`, address));
}

/** Who connects before there is a gateway. */
function turnAway(socket: Socket): void {
  socket.on("error", () => undefined).destroy();
}

async function bound<T extends Server | DatagramSocket>(socket: T, port: string, address: string): Promise<T> {
  try {
    await once(socket, "listening");
    return socket;
  } catch (error) {
    const code = codeOf(error);
    throw new Error(`${port} of ${address} ${code === "EADDRINUSE" ? "is taken by a program inside" : code}`);
  }
}

function give(name: string, socket: Server | DatagramSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    if (process.send === undefined) throw new Error("there is no channel to a gateway: launch.js starts this program");
    process.send(name, socket, {}, (error) => (error ? reject(error) : resolve()));
  });
}

async function main([json = ""]: string[]): Promise<void> {
  const taken = once(process, "message"); // the gateway's word that it has them all
  process.once("disconnect", () => fail("the gateway has ended"));
  await handOver(parseStartConfiguration(json));
  await taken;
  process.exit(0);
}

function fail(reason: string): void {
  process.stderr.write(`${reason}\n`);
  process.exit(1);
}

main(process.argv.slice(2)).catch((error: Error) => fail(error.message));
