import { createSocket, type Socket as DatagramSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { codeOf } from "./checks/error-code";
import { listenerNames } from "./inbound/ingress";
import { parseStartConfiguration, type StartConfiguration } from "./policy/start-configuration";

/**
 * Started by launch.js inside the network namespace of a sandbox: makes the listening sockets of its gateway, sends them to
 * it and exits. A socket belongs to the namespace in which it was made, regardless of its process: so the gateway, which is
 * in another one, accepts connections from inside the sandbox, and no network connects the two.
 */
async function sendListeners({ address, ports }: StartConfiguration): Promise<void> {
  for (const name of listenerNames) {
    const server = createServer(closeEarlyConnection);
    await listening(server.listen(ports[name], address), `port ${ports[name]}`, address);
    await send(name, server);
  }
  const socket = createSocket("udp4");
  socket.bind(ports.dns, address);
  await send("datagrams", await listening(socket, `UDP port ${ports.dns}`, address));
}

/** Nothing is served before the gateway has the socket. */
function closeEarlyConnection(socket: Socket): void {
  socket.on("error", () => undefined).destroy();
}

async function listening<T extends Server | DatagramSocket>(socket: T, port: string, address: string): Promise<T> {
  try {
    await once(socket, "listening");
    return socket;
  } catch (error) {
    const code = codeOf(error);
    throw new Error(`${port} of ${address} ${code === "EADDRINUSE" ? "is taken by a program inside" : code}`);
  }
}

function send(name: string, socket: Server | DatagramSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    if (process.send === undefined) throw new Error("there is no channel to a gateway: launch.js starts this program");
    process.send(name, socket, {}, (error) => (error ? reject(error) : resolve()));
  });
}

async function main([json = ""]: string[]): Promise<void> {
  const received = once(process, "message"); // the gateway confirms that it has them all
  process.once("disconnect", () => fail("the gateway has ended"));
  await sendListeners(parseStartConfiguration(json));
  await received;
  process.exit(0);
}

function fail(reason: string): void {
  process.stderr.write(`${reason}\n`);
  process.exit(1);
}

main(process.argv.slice(2)).catch((error: Error) => fail(error.message));
