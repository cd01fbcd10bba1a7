import { Socket as DatagramSocket } from "node:dgram";
import { Server, type Socket } from "node:net";
import type { Ports } from "../policy/start-configuration";

/** The listeners for connections. */
export const listenerNames = ["proxy", "http", "https", "dns"] as const satisfies (keyof Ports)[];

/** Handle the connections of each listener, and the UDP socket for DNS queries. */
export type ConnectionHandlers = Record<keyof Ports, (socket: Socket) => void> & {
  datagrams: (socket: DatagramSocket) => void;
};

/**
 * The listening sockets inside the sandbox, received from listeners.js. The number of all connections together is limited:
 * another one is closed at once, as a sandbox that opens hundreds harms nobody but itself.
 */
export class Ingress {
  private readonly open = new Set<Socket>();

  constructor(
    private readonly handlers: ConnectionHandlers,
    private readonly most: number,
    private readonly onRejected: (code: "OC6032", reason: string) => void,
  ) {}

  /** Settles when all sockets are received, and the channel is closed. @throws if it closes before */
  received(): Promise<void> {
    return new Promise((resolve, reject) => {
      const missing = new Set<string>([...listenerNames, "datagrams"]);
      process.on("message", (name, socket) => {
        this.addListener(String(name), socket);
        missing.delete(String(name));
        if (missing.size === 0) process.send?.("received");
      });
      process.once("disconnect", () => {
        process.removeAllListeners("message");
        if (missing.size === 0) resolve();
        else reject(new Error(`no socket was received for ${[...missing].join(", ")}`));
      });
    });
  }

  private addListener(name: string, socket: unknown): void {
    const listener = listenerNames.find((one) => one === name);
    if (listener !== undefined && socket instanceof Server) {
      socket.on("connection", (connection: Socket) => this.accept(connection, this.handlers[listener]));
    } else if (name === "datagrams" && socket instanceof DatagramSocket) this.handlers.datagrams(socket);
    else throw new Error(`${name} is not a listener`);
  }

  private accept(socket: Socket, handle: (socket: Socket) => void): void {
    socket.setNoDelay(true);
    socket.setMaxListeners(32); // tunnels and their connections wait for its end too
    socket.on("error", () => undefined); // the users of a connection learn of its end from `close`
    if (this.open.size >= this.most) {
      this.onRejected("OC6032", `more than ${this.most} connections are open`);
      socket.destroy();
      return;
    }
    this.open.add(socket);
    socket.once("close", () => this.open.delete(socket));
    handle(socket);
  }
}
