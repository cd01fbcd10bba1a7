import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { mostPipelined, requestBytes } from "../checks/limits";
import { ProxyError } from "../checks/proxy-error";
import type { Enforcement } from "./enforcement";

/** What is known of a connection before any request: where it came in, and the only host that it may be about. */
export interface Pin {
  readonly via: "proxy" | "transparent";
  /** What is spoken: to a proxy, or to a server, in clear or with TLS ended here. */
  readonly speaks: "proxy" | "http" | "https";
  /** From CONNECT and SNI, which are the same. Only clear connections that no CONNECT opened have none. */
  readonly host?: string;
}

/** A connection on which requests come: takes them one at a time, and cuts whoever takes too long over a head. */
export class Client {
  private waiting = 0;
  private turn = Promise.resolve(true);
  private timer: NodeJS.Timeout | undefined;

  constructor(
    readonly socket: Socket,
    readonly pin: Pin,
    private readonly enforcement: Enforcement,
    private readonly onCut: (refused: ProxyError) => void,
  ) {
    socket.once("close", () => clearTimeout(this.timer));
    this.expectHead();
  }

  /** Whether an answer is under way, so that nothing else may be written. */
  get isBusy(): boolean {
    return this.waiting > 0;
  }

  /**
   * Serves a request after those before it, as they must not overtake each other (RFC 9112, section 9.3.2). The time
   * for the next head begins when all are answered: so it also is the time that a connection may lie idle. `serve` tells
   * whether another request may follow.
   */
  take(request: IncomingMessage, serve: () => Promise<boolean>): void {
    clearTimeout(this.timer);
    if (this.socket.destroyed) return; // what came in the same packet as too much
    const bytes = sizeOf(request);
    const { heads } = this.enforcement;
    if (this.waiting >= mostPipelined || !heads.take(bytes)) {
      this.onCut(new ProxyError(503, "more and larger requests than fit at a time"));
      this.socket.destroy();
      return;
    }
    this.waiting++;
    if (this.waiting > 1) this.pause();
    this.turn = this.turn.then(async (goesOn) => {
      if (this.waiting === 1) this.socket.resume();
      const next = goesOn && (await serve());
      heads.give(bytes);
      this.waiting--;
      if (next && !this.isBusy && !this.socket.destroyed) this.expectHead();
      return next;
    });
  }

  /** No more requests come here: the connection became something else. */
  release(): void {
    clearTimeout(this.timer);
  }

  /** Reads nothing further while a head waits. Node itself reads on behind each head, so this comes after it. */
  private pause(): void {
    process.nextTick(() => {
      if (this.waiting > 1) this.socket.pause();
    });
  }

  private expectHead(): void {
    const before = this.socket.bytesRead;
    this.timer = setTimeout(() => {
      if (this.socket.bytesRead > before)
        this.onCut(new ProxyError(408, "a request head that does not come to its end"));
      this.socket.destroy();
    }, this.enforcement.limits.headMs);
  }
}

function sizeOf({ url = "", rawHeaders }: IncomingMessage): number {
  return rawHeaders.reduce((sum, text) => sum + text.length, requestBytes + url.length);
}
