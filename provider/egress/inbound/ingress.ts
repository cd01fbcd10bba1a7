import { Socket as DatagramSocket } from "node:dgram";
import { Server, type Socket } from "node:net";
import type { Ports } from "../policy/start-configuration";

/** Where connections come in. */
export const doors = ["proxy", "http", "https", "dns"] as const satisfies (keyof Ports)[];

/** What takes the connections of each door, and the socket on which questions come one by one. */
export type Takers = Record<keyof Ports, (socket: Socket) => void> & { datagrams: (socket: DatagramSocket) => void };

/**
 * The sockets inside the sandbox, as they come from listeners.js. Of all connections together there are so many at a
 * time: another one is closed at once, as a sandbox that opens hundreds takes from nobody but itself.
 */
export class Ingress {
  private readonly open = new Set<Socket>();

  constructor(
    private readonly takers: Takers,
    private readonly most: number,
    private readonly onRefused: (reason: string) => void,
  ) {}

  /** Settles when all have come, and the channel is closed. @throws where it closes before */
  handedOver(): Promise<void> {
    return new Promise((resolve, reject) => {
      const missing = new Set<string>([...doors, "datagrams"]);
      process.on("message", (name, socket) => {
        this.take(String(name), socket);
        missing.delete(String(name));
        if (missing.size === 0) process.send?.("taken");
      });
      process.once("disconnect", () => {
        process.removeAllListeners("message");
        if (missing.size === 0) resolve();
        else reject(new Error(`no socket has come for ${[...missing].join(", ")}`));
      });
    });
  }

  private take(name: string, socket: unknown): void {
    const door = doors.find((one) => one === name);
    if (door !== undefined && socket instanceof Server) {
      socket.on("connection", (connection: Socket) => this.enter(connection, this.takers[door]));
    } else if (name === "datagrams" && socket instanceof DatagramSocket) this.takers.datagrams(socket);
    else throw new Error(`${name} is no door`);
  }

  private enter(socket: Socket, take: (socket: Socket) => void): void {
    socket.setNoDelay(true);
    socket.setMaxListeners(32); // tunnels and what is in them wait for its end too
    socket.on("error", () => undefined); // what hangs on a connection learns of its end from `close`
    if (this.open.size >= this.most) {
      this.onRefused("too many connections");
      socket.destroy();
      return;
    }
    this.open.add(socket);
    socket.once("close", () => this.open.delete(socket));
    take(socket);
  }
}
