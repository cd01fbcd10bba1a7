import { createServer, type Server, type Socket } from "node:net";

/**
 * The TCP ports. Of all connections together there are so many at a time: another one is closed at once, as a sandbox
 * that opens hundreds takes from nobody but itself.
 */
export class Doors {
  private readonly open = new Set<Socket>();

  constructor(
    private readonly address: string,
    private readonly most: number,
    private readonly onTooMany: () => void,
  ) {}

  async listen(port: number, take: (socket: Socket) => void): Promise<void> {
    const server = createServer({ noDelay: true }, (socket) => {
      socket.setMaxListeners(32); // tunnels and what is in them wait for its end too
      socket.on("error", () => undefined); // what hangs on a connection learns of its end from `close`
      if (this.open.size >= this.most) {
        this.onTooMany();
        socket.destroy();
        return;
      }
      this.open.add(socket);
      socket.once("close", () => this.open.delete(socket));
      take(socket);
    });
    await listening(server, port, this.address);
  }
}

function listening(server: Server, port: number, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, address, () => resolve());
  });
}
