import type { IncomingMessage } from "node:http";
import type { Entry } from "../audit/audit";
import { passed, release } from "./garbage";
import { gather } from "./gather";
import type { Fields } from "./response-head";
import type { UpstreamConnection } from "./upstream-connection";

/** A request's head as it is sent. The fields hold nothing that ends a line: `requestFields` has checked them. */
export function headOf(method: string, path: string, fields: Fields): string {
  let head = `${method} ${path} HTTP/1.1\r\n`;
  for (let index = 0; index < fields.length; index += 2) head += `${fields[index]}: ${fields[index + 1]}\r\n`;
  return `${head}Connection: keep-alive\r\n\r\n`;
}

/**
 * Sends a request's body on: as it is if its length is known, else in chunks of our own. The server's parser has seen to it
 * that there is as much as was said; were it otherwise, the rest would be taken for a request, so the connection is cut.
 */
export class RequestBody {
  private left: number;
  private readonly isChunked: boolean;

  constructor(
    private readonly request: IncomingMessage,
    private readonly connection: UpstreamConnection,
    private readonly entry: Entry,
  ) {
    this.isChunked = request.headers["transfer-encoding"] !== undefined;
    this.left = Number(request.headers["content-length"] ?? 0);
    request.on("data", this.onData);
    request.once("end", this.onEnd);
  }

  resume(): void {
    this.request.resume();
  }

  /** The upstream wants no more of it. */
  stop(): void {
    this.request.removeListener("data", this.onData);
    this.request.removeListener("end", this.onEnd);
  }

  private readonly onData = (piece: Buffer): void => {
    const { socket } = this.connection;
    this.entry.bytesUp += piece.length;
    passed(piece.length);
    this.left -= piece.length;
    if (!this.isChunked && this.left < 0) {
      socket.destroy();
      return;
    }
    gather(socket);
    const takesMore = this.isChunked ? writeChunk(socket, piece) : socket.write(piece, () => release(piece));
    if (!takesMore) this.request.pause();
  };

  private readonly onEnd = (): void => {
    const { socket } = this.connection;
    if (this.isChunked) socket.write("0\r\n\r\n", "latin1");
    else if (this.left !== 0) {
      socket.destroy();
      return;
    }
    this.connection.sent();
  };
}

/** An empty one would be the last. */
function writeChunk(socket: UpstreamConnection["socket"], piece: Buffer): boolean {
  if (piece.length === 0) return true;
  socket.write(`${piece.length.toString(16)}\r\n`, "latin1");
  socket.write(piece, () => release(piece));
  return socket.write("\r\n", "latin1");
}
