const most = 65_536; // bytes that wait

/**
 * Bytes that wait for a socket until no more is read for it. Above those of one turn, as TLS counts written bytes as waiting
 * until the next one, and to stop reading and begin again takes two system calls.
 */
export const mostUnsent = 131_072;

/** Joins what arrives in one turn of the event loop, as TLS delivers large bodies in pieces of 16 KiB. */
export class TurnBatch {
  private pieces: Buffer[] = [];
  private size = 0;
  private timer: NodeJS.Immediate | undefined;

  /** @param out called at the end of a turn, or once enough has arrived */
  constructor(private readonly out: (pieces: Buffer[]) => void) {}

  add(piece: Buffer): void {
    this.pieces.push(piece);
    this.size += piece.length;
    if (this.size >= most) this.out(this.take());
    else this.begin();
  }

  /** Calls `out` at the end of this turn, whether or not anything arrives. */
  begin(): void {
    this.timer ??= setImmediate(() => this.out(this.take()));
  }

  /** The pieces that have arrived, for which `out` is no longer called. */
  take(): Buffer[] {
    const { pieces } = this;
    clearImmediate(this.timer);
    this.timer = undefined;
    this.pieces = [];
    this.size = 0;
    return pieces;
  }
}
