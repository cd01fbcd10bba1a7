import { concatBuffers } from "../outbound/buffer-memory";
import type { Match } from "./pattern-search";
import type { SecretPatterns } from "./secret-patterns";

/**
 * The end of a stream, in which a secret may have begun. How much is released, and when, depends on lengths and line ends
 * and never on a secret: otherwise an attacker who chooses the text could read the secret from sizes and delays, byte by byte.
 */
export class HeldBytes {
  /** The latest bytes as they arrived, released or not: a secret may have begun in released ones. */
  private bytes: Buffer = Buffer.alloc(0);
  private matches: Match[] = [];
  /** How many of them, at the end, are not released. */
  length = 0;
  /** Whether released bytes of the latest chunk are a copy. */
  hasCopied = false;

  constructor(
    private readonly patterns: SecretPatterns,
    private readonly found: Set<string>,
  ) {}

  /** @returns whether a secret ends in it */
  add(chunk: Buffer): boolean {
    const before = this.bytes.length;
    this.hasCopied = before > 0;
    this.bytes = before === 0 ? chunk : concatBuffers(this.bytes, chunk);
    this.length += chunk.length;
    const matches = this.patterns.search.find(this.bytes, before);
    for (const match of matches) this.found.add(match.name);
    this.matches.push(...matches);
    return matches.length > 0;
  }

  /** How many bytes at the end may be part of an incomplete secret. No secret holds a line end: policy.ts. */
  get undecided(): number {
    const last = this.bytes.subarray(Math.max(0, this.bytes.length - this.patterns.room));
    return Math.min(this.length, last.length - 1 - last.lastIndexOf("\n"));
  }

  /** Releases all but the last `kept` bytes. */
  release(kept: number): Buffer {
    const { bytes } = this;
    const from = bytes.length - this.length;
    const to = bytes.length - kept;
    const dropped = Math.max(0, bytes.length - this.patterns.room);
    this.bytes = Buffer.from(bytes.subarray(dropped));
    this.length = kept;
    for (const { start, end } of this.matches) {
      if (end > from && start < to) bytes.fill("*", Math.max(start, from), Math.min(end, to));
    }
    this.matches = this.matches
      .filter(({ end }) => end > to)
      .map(({ start, end, name }) => ({ start: start - dropped, end: end - dropped, name }));
    return bytes.subarray(from, to);
  }
}
