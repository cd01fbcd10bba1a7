import { disownRest } from "../outbound/buffer-memory";
import type { Match } from "./pattern-search";
import type { SecretPatterns } from "./secret-patterns";

/**
 * The end of a stream, in which a secret may have begun. How much is released, and when, depends on lengths and line ends
 * and never on a secret: otherwise an attacker who chooses the text could read the secret from sizes and delays, byte by byte.
 */
export class HeldBytes {
  /** The last bytes as they arrived, released or not, as a secret may have begun in released ones; and pieces behind them. */
  private pieces: readonly Buffer[] = [];
  private matches: Match[] = [];
  /** How many of their bytes, at the end, are not released. */
  length = 0;

  constructor(
    private readonly patterns: SecretPatterns,
    private readonly found: Set<string>,
  ) {}

  /** Pieces that nobody else reads or writes, to be released before others are added. @returns whether a secret ends in them */
  add(pieces: readonly Buffer[]): boolean {
    const before = sizeOf(this.pieces);
    this.pieces = [...this.pieces, ...pieces];
    this.length += sizeOf(pieces);
    const matches = this.patterns.search.find(this.pieces, before);
    for (const match of matches) this.found.add(match.name);
    this.matches.push(...matches);
    return matches.length > 0;
  }

  /** How many bytes at the end may be part of an incomplete secret. No secret holds a line end: policy.ts. */
  get undecided(): number {
    const last = this.last();
    return Math.min(this.length, last.length - 1 - last.lastIndexOf("\n"));
  }

  /** Releases all but the last `kept` bytes. */
  release(kept: number): Buffer[] {
    const size = sizeOf(this.pieces);
    const from = size - this.length;
    const to = size - kept;
    const last = this.last();
    const dropped = size - last.length;
    for (const { start, end } of this.matches) {
      for (const slice of slices(this.pieces, Math.max(start, from), Math.min(end, to))) slice.fill("*");
    }
    const released = slices(this.pieces, from, to);
    this.pieces.slice(-1).forEach(disownRest); // its end is in `last`
    this.pieces = [last];
    this.length = kept;
    this.matches = this.matches
      .filter(({ end }) => end > to)
      .map(({ start, end, name }) => ({ start: start - dropped, end: end - dropped, name }));
    return released;
  }

  /** A copy of as many bytes as a secret can have. */
  private last(): Buffer {
    const size = sizeOf(this.pieces);
    return Buffer.concat(slices(this.pieces, size - this.patterns.room, size));
  }
}

function sizeOf(pieces: readonly Buffer[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}

/** The part of each piece that lies between two offsets in all of them. */
function slices(pieces: readonly Buffer[], from: number, to: number): Buffer[] {
  const found: Buffer[] = [];
  let at = 0;
  for (const piece of pieces) {
    const start = Math.max(0, from - at);
    const end = Math.min(piece.length, to - at);
    if (start < end) found.push(piece.subarray(start, end));
    at += piece.length;
  }
  return found;
}
