import type { Socket } from "node:net";
import type { ResponseHead } from "./response-head";
import { AnswerParser } from "./response-parser";

/** Who waits for an answer. Nothing more is told after `end` or `failed`. */
export interface Asker {
  interim(status: number): void;
  head(head: ResponseHead): void;
  /** Of the body. */
  piece(bytes: Buffer): void;
  /** What has come by now was told. */
  turned(): void;
  /** The answer is complete. */
  end(): void;
  failed(error: Error): void;
  /** More can be written. */
  drained(): void;
}

/** What is asked of an upstream at a time. */
interface Asking {
  readonly asker: Asker;
  readonly parser: AnswerParser;
  /** Whether the whole request was handed to the socket. */
  isSent: boolean;
}

/** A verified connection to an upstream, on which one request is asked at a time. */
export class UpstreamConnection {
  /** Whether it has served before, so that the upstream may close it at any moment. */
  isReused = false;
  private asking: Asking | undefined;

  /** @param rest takes it back when it is free, and may be asked for so many milliseconds */
  constructor(
    readonly socket: Socket,
    idleMs: number,
    private readonly rest: (connection: UpstreamConnection, ms: number) => void,
  ) {
    socket.setTimeout(idleMs);
    socket.on("data", (bytes: Buffer) => this.take(bytes));
    socket.on("drain", () => this.asking?.asker.drained());
    socket.on("end", () => this.finish());
    socket.on("timeout", () => this.fail(coded("ETIMEDOUT")));
    socket.on("error", (error) => this.fail(error));
    socket.on("close", () => this.fail(coded("ECONNRESET")));
  }

  /** Writes a request's head. A body may follow by `write`, and `sent` ends the request. */
  ask(head: string, isHead: boolean, asker: Asker): void {
    this.asking = { asker, parser: new AnswerParser(isHead, asker), isSent: false };
    if (this.socket.destroyed) this.fail(coded("ECONNRESET"));
    else this.socket.write(head, "latin1");
  }

  sent(): void {
    if (this.asking) this.asking.isSent = true;
  }

  /** Cuts it, whatever is under way, and says no more. */
  destroy(): void {
    this.asking = undefined;
    this.socket.destroy();
  }

  private take(bytes: Buffer): void {
    const { asking } = this;
    if (asking === undefined) {
      this.socket.destroy(); // what was not asked for would be taken for the next answer
      return;
    }
    try {
      asking.parser.take(bytes);
    } catch (error) {
      this.fail(error instanceof Error ? error : coded("unknown"));
      return;
    }
    if (this.asking !== asking) return; // it was cut meanwhile
    if (asking.parser.isOver) this.end(asking);
    else asking.asker.turned();
  }

  private end(asking: Asking): void {
    const { parser, isSent, asker } = asking;
    this.asking = undefined;
    const isFree = isSent && !parser.hasSurplus && parser.keptMs > 0;
    if (isFree && !this.socket.writableNeedDrain && this.socket.readableLength === 0) {
      this.isReused = true;
      this.socket.resume();
      this.rest(this, parser.keptMs);
    } else this.socket.destroy();
    asker.end();
  }

  private finish(): void {
    if (this.asking?.parser.finish()) this.end(this.asking);
    else this.fail(coded("ECONNRESET"));
  }

  private fail(error: Error): void {
    const { asking } = this;
    this.destroy();
    asking?.asker.failed(error);
  }
}

function coded(code: string): Error {
  return Object.assign(new Error(code), { code });
}
