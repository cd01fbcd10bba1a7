import type { IncomingMessage } from "node:http";
import type { AuditEntry } from "../audit/audit-entry";
import { countPassedBytes, freeBuffer } from "./buffer-memory";
import { corkForTurn } from "./cork";
import type { Fields } from "./response-head";
import type { UpstreamConnection } from "./upstream-connection";

/** A request's head as it is sent. No field holds the end of a line: `requestFields` has checked them. */
export function headOf(method: string, path: string, fields: Fields): string {
  let head = `${method} ${path} HTTP/1.1\r\n`;
  for (let index = 0; index < fields.length; index += 2) head += `${fields[index]}: ${fields[index + 1]}\r\n`;
  return `${head}Connection: keep-alive\r\n\r\n`;
}

/**
 * Forwards a request's body: as it is if its length is known, else in chunks of our own. The server's parser has checked the
 * length; were it wrong, the rest would be read as another request, so the connection is closed.
 */
export class RequestBody {
  private left: number;
  private readonly isChunked: boolean;

  constructor(
    private readonly request: IncomingMessage,
    private readonly connection: UpstreamConnection,
    private readonly entry: AuditEntry,
  ) {
    this.isChunked = request.headers["transfer-encoding"] !== undefined;
    this.left = Number(request.headers["content-length"] ?? 0);
    request.on("data", this.onData);
    request.once("end", this.onEnd);
  }

  resume(): void {
    this.request.resume();
  }

  /** Forwards no more of it, as the upstream has responded or failed. */
  stop(): void {
    this.request.removeListener("data", this.onData);
    this.request.removeListener("end", this.onEnd);
  }

  private readonly onData = (piece: Buffer): void => {
    const { socket } = this.connection;
    this.entry.bytesUp += piece.length;
    countPassedBytes(piece.length);
    this.left -= piece.length;
    if (!this.isChunked && this.left < 0) {
      socket.destroy();
      return;
    }
    corkForTurn(socket);
    const takesMore = this.isChunked ? writeChunk(socket, piece) : socket.write(piece, () => freeBuffer(piece));
    if (!takesMore) this.request.pause();
  };

  private readonly onEnd = (): void => {
    const { socket } = this.connection;
    if (this.isChunked) socket.write("0\r\n\r\n", "latin1");
    else if (this.left !== 0) {
      socket.destroy();
      return;
    }
    this.connection.requestSent();
  };
}

/** An empty one would be the last. */
function writeChunk(socket: UpstreamConnection["socket"], piece: Buffer): boolean {
  if (piece.length === 0) return true;
  socket.write(`${piece.length.toString(16)}\r\n`, "latin1");
  socket.write(piece, () => freeBuffer(piece));
  return socket.write("\r\n", "latin1");
}
