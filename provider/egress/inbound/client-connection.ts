import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { ConnectionScope } from "../authorization/connection-scope";
import type { PolicyEnforcement } from "../authorization/policy-enforcement";
import { mostPipelined, requestBytes } from "../checks/limits";
import { ProxyError } from "../checks/proxy-error";

/** A client's connection: serves its requests one at a time, and closes it if a head takes too long. */
export class ClientConnection {
  private waiting = 0;
  private turn = Promise.resolve(true);
  private timer: NodeJS.Timeout | undefined;

  constructor(
    readonly socket: Socket,
    readonly scope: ConnectionScope,
    private readonly enforcement: PolicyEnforcement,
    private readonly onRejected: (error: ProxyError) => void,
  ) {
    socket.once("close", () => clearTimeout(this.timer));
    this.expectHead();
  }

  /** Whether a response is under way, so that nothing else may be written. */
  get isBusy(): boolean {
    return this.waiting > 0;
  }

  /**
   * Serves a request after those before it, as they must not overtake each other (RFC 9112, section 9.3.2). The time
   * for the next head begins when all have their response: so it also is the time that a connection may be idle. `serve`
   * returns whether another request may follow.
   */
  enqueue(request: IncomingMessage, serve: () => Promise<boolean>): void {
    clearTimeout(this.timer);
    if (this.socket.destroyed) return; // it came in the same packet as one too many
    const bytes = sizeOf(request);
    const { headMemory } = this.enforcement;
    if (this.waiting >= mostPipelined || !headMemory.reserve(bytes)) {
      this.onRejected(new ProxyError("OC6030", "too many or too large requests at a time"));
      this.socket.destroy();
      return;
    }
    this.waiting++;
    if (this.waiting > 1) this.pause();
    this.turn = this.turn.then(async (goesOn) => {
      if (this.waiting === 1) this.socket.resume();
      const next = goesOn && (await serve());
      headMemory.release(bytes);
      this.waiting--;
      if (next && !this.isBusy && !this.socket.destroyed) this.expectHead();
      return next;
    });
  }

  /** Expects no more requests: a tunnel or a WebSocket has replaced HTTP. */
  release(): void {
    clearTimeout(this.timer);
  }

  /** Stops reading while a head waits. Node itself reads on behind each head, so this comes after it. */
  private pause(): void {
    process.nextTick(() => {
      if (this.waiting > 1) this.socket.pause();
    });
  }

  private expectHead(): void {
    const before = this.socket.bytesRead;
    this.timer = setTimeout(() => {
      if (this.socket.bytesRead > before)
        this.onRejected(new ProxyError("OC6018", "the request head did not arrive in time"));
      this.socket.destroy();
    }, this.enforcement.limits.headMs);
  }
}

function sizeOf({ url = "", rawHeaders }: IncomingMessage): number {
  return rawHeaders.reduce((sum, text) => sum + text.length, requestBytes + url.length);
}
