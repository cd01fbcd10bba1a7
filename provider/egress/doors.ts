import { createServer, type Server, type Socket } from "node:net";

/**
 * The TCP ports, for the sandbox alone. Of all connections together there are so many at a time: another one is closed at
 * once, as a sandbox that opens hundreds takes from nobody but itself.
 */
export class Doors {
  private readonly open = new Set<Socket>();

  constructor(
    private readonly address: string,
    private readonly sandbox: string,
    private readonly most: number,
    private readonly onRefused: (reason: string) => void,
  ) {}

  async listen(port: number, take: (socket: Socket) => void): Promise<void> {
    const server = createServer({ noDelay: true }, (socket) => {
      socket.setMaxListeners(32); // tunnels and what is in them wait for its end too
      socket.on("error", () => undefined); // what hangs on a connection learns of its end from `close`
      if (socket.remoteAddress === undefined) {
        socket.destroy(); // the client has reset it already
        return;
      }
      const reason = this.reasonAgainst(socket);
      if (reason !== undefined) {
        this.onRefused(reason);
        socket.destroy();
        return;
      }
      this.open.add(socket);
      socket.once("close", () => this.open.delete(socket));
      take(socket);
    });
    await listening(server, port, this.address);
  }

  private reasonAgainst({ remoteAddress }: Socket): string | undefined {
    // Linux takes what is sent to this address on the gateway's other network as well.
    if (remoteAddress !== this.sandbox) return "a connection from somewhere else than the sandbox";
    return this.open.size >= this.most ? "too many connections" : undefined;
  }
}

function listening(server: Server, port: number, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, address, () => resolve());
  });
}
