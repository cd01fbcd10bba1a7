import type { IncomingMessage } from "node:http";
import type { AuditEntry } from "../audit/audit-entry";
import { countPassedBytes, freeBuffer } from "./buffer-memory";
import type { Fields } from "./response-head";
import { mostUnsent, TurnBatch } from "./turn-batch";
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
  private readonly batch = new TurnBatch((pieces) => this.write(pieces));

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
    this.batch.take();
    this.request.removeListener("data", this.onData);
    this.request.removeListener("end", this.onEnd);
  }

  private readonly onData = (piece: Buffer): void => {
    this.entry.bytesUp += piece.length;
    countPassedBytes(piece.length);
    this.left -= piece.length;
    if (this.isChunked || this.left >= 0) this.batch.add(piece);
    else this.connection.socket.destroy();
  };

  private write(pieces: readonly Buffer[]): void {
    const { socket } = this.connection;
    socket.cork();
    for (const piece of pieces) {
      if (piece.length === 0) continue; // as a chunk it would be the last
      if (this.isChunked) socket.write(`${piece.length.toString(16)}\r\n`, "latin1");
      socket.write(piece, () => freeBuffer(piece));
      if (this.isChunked) socket.write("\r\n", "latin1");
    }
    socket.uncork();
    if (socket.writableLength > mostUnsent) this.request.pause();
  }

  private readonly onEnd = (): void => {
    const { socket } = this.connection;
    this.write(this.batch.take());
    if (this.isChunked) socket.write("0\r\n\r\n", "latin1");
    else if (this.left !== 0) {
      socket.destroy();
      return;
    }
    this.connection.requestSent();
  };
}
