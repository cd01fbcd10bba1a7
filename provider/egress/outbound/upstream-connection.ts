import type { Socket } from "node:net";
import type { ResponseHead } from "./response-head";
import { ResponseParser } from "./response-parser";

/** Receives one response. Nothing is called after `end` or `failed`. */
export interface ResponseHandler {
  interim(status: number): void;
  head(head: ResponseHead): void;
  /** Of the body. */
  data(bytes: Buffer): void;
  /** The response is complete. */
  end(): void;
  failed(error: Error): void;
  /** More can be written. */
  drained(): void;
}

/** The request under way on a connection. */
interface PendingResponse {
  readonly handler: ResponseHandler;
  readonly parser: ResponseParser;
  /** Whether the whole request is written to the socket. */
  isSent: boolean;
}

/** A verified connection to an upstream, for one request at a time. */
export class UpstreamConnection {
  /** Whether it has served a request before, so that the upstream may close it at any moment. */
  isReused = false;
  private pending: PendingResponse | undefined;

  /** @param onIdle called when it is free, with the milliseconds for which it may be reused */
  constructor(
    readonly socket: Socket,
    idleMs: number,
    private readonly onIdle: (connection: UpstreamConnection, ms: number) => void,
  ) {
    socket.setTimeout(idleMs);
    socket.on("data", (bytes: Buffer) => this.receive(bytes));
    socket.on("drain", () => this.pending?.handler.drained());
    socket.on("end", () => this.finish());
    socket.on("timeout", () => this.fail(withCode("ETIMEDOUT")));
    socket.on("error", (error) => this.fail(error));
    socket.on("close", () => this.fail(withCode("ECONNRESET")));
  }

  /** Writes a request's head. A body may follow by `write`, and `sent` ends the request. */
  send(head: string, isHead: boolean, handler: ResponseHandler): void {
    this.pending = { handler, parser: new ResponseParser(isHead, handler), isSent: false };
    if (this.socket.destroyed) this.fail(withCode("ECONNRESET"));
    else this.socket.write(head, "latin1");
  }

  requestSent(): void {
    if (this.pending) this.pending.isSent = true;
  }

  /** Closes it at once, without a call to the handler. */
  destroy(): void {
    this.pending = undefined;
    this.socket.destroy();
  }

  private receive(bytes: Buffer): void {
    const { pending } = this;
    if (pending === undefined) {
      this.socket.destroy(); // unrequested bytes would be read as the next response
      return;
    }
    try {
      pending.parser.parse(bytes);
    } catch (error) {
      this.fail(error instanceof Error ? error : withCode("unknown"));
      return;
    }
    if (this.pending !== pending) return; // it was closed meanwhile
    if (pending.parser.isOver) this.end(pending);
  }

  private end(pending: PendingResponse): void {
    const { parser, isSent, handler } = pending;
    this.pending = undefined;
    const isFree = isSent && !parser.hasSurplus && parser.keepAliveMs > 0;
    if (isFree && !this.socket.writableNeedDrain && this.socket.readableLength === 0) {
      this.isReused = true;
      this.socket.resume();
      this.onIdle(this, parser.keepAliveMs);
    } else this.socket.destroy();
    handler.end();
  }

  private finish(): void {
    if (this.pending?.parser.finish()) this.end(this.pending);
    else this.fail(withCode("ECONNRESET"));
  }

  private fail(error: Error): void {
    const { pending } = this;
    this.destroy();
    pending?.handler.failed(error);
  }
}

function withCode(code: string): Error {
  return Object.assign(new Error(code), { code });
}
