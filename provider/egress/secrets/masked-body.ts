import { Transform, type TransformCallback } from "node:stream";
import type { HeldBytes } from "./held-bytes";

/** Milliseconds without a byte after which the held end of a piece is released: a response may pause anywhere. */
const silenceMs = 500;

/** A body that is masked as it arrives, and passed to `out`, at once or after a silence. */
export class MaskedBody {
  private timer: NodeJS.Timeout | undefined;
  private writes = 0;
  private isOver = false;

  /** @param isBlocked whether the client reads more slowly than the upstream sends, so that the upstream is not read either */
  constructor(
    private readonly held: HeldBytes,
    private readonly out: (pieces: Buffer[]) => void,
    private readonly isBlocked: () => boolean,
  ) {}

  write(pieces: readonly Buffer[]): void {
    this.writes++;
    this.held.add(pieces);
    this.release(this.held.undecided);
    if (this.timer) this.timer.refresh();
    else if (this.held.length > 0) this.timer = setTimeout(() => this.onSilence(), silenceMs);
  }

  /** @param pieces the last ones. @returns what is not released yet */
  end(pieces: readonly Buffer[]): Buffer[] {
    this.close();
    if (pieces.length > 0) this.held.add(pieces);
    return this.held.release(0);
  }

  /** Releases nothing more. */
  close(): void {
    this.isOver = true;
    clearTimeout(this.timer);
  }

  private release(kept: number): void {
    const released = this.held.release(kept);
    if (released.length > 0) this.out(released);
  }

  /**
   * Silence is the upstream's: while the client does not read, the upstream is not read either, and bytes that this process
   * was too busy to read get another turn. Otherwise a client could choose where a secret is cut in two.
   */
  private onSilence(): void {
    if (this.held.length === 0) return;
    if (this.isBlocked()) {
      this.timer?.refresh();
      return;
    }
    const { writes } = this;
    setTimeout(() => {
      if (this.writes === writes && !this.isOver) this.release(0);
    }, 1);
  }
}

/** The same as a stream. */
export class MaskedStream extends Transform {
  private readonly body: MaskedBody;

  constructor(held: HeldBytes) {
    super();
    const isBlocked = () => this.readableLength > 0 || this.isPaused() || this.writableLength > 0;
    this.body = new MaskedBody(held, (pieces) => this.pushAll(pieces), isBlocked);
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.body.write([chunk]);
    done();
  }

  override _flush(done: TransformCallback): void {
    this.pushAll(this.body.end([]));
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.body.close();
    done(error);
  }

  private pushAll(pieces: readonly Buffer[]): void {
    for (const piece of pieces) this.push(piece);
  }
}
