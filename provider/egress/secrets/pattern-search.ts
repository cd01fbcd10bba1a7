import { randomBytes } from "node:crypto";

/** Searched bytes. */
export interface Needle {
  readonly bytes: Buffer;
  /** The secret's. */
  readonly name: string;
  /** Bytes before and behind it that belong to a match. */
  readonly before: number;
  readonly after: number;
}

/** Where a needle stands, with the bytes that belong to it. It may go past the end of the searched bytes. */
export interface Match {
  readonly start: number;
  readonly end: number;
  readonly name: string;
}

/** A needle whose hashed bytes are followed by `rest` more. */
interface Ending {
  readonly needle: Needle;
  readonly rest: number;
}

/**
 * Finds any of many needles in one pass, by rolling hashes (Rabin and Karp). `indexOf` and regular expressions are the
 * faster the sooner a text differs from the needle, so that an attacker who chooses the text could read the needle from the
 * time for a large one. Here each step takes the same time, unless the hash of a whole window matches.
 */
export class PatternSearch {
  private readonly groups: readonly Group[];
  private readonly reach: number;

  constructor(needles: readonly Needle[]) {
    const within = (least: number, below: number) =>
      needles.filter(({ bytes }) => bytes.length >= least && bytes.length < below);
    // A long needle is not found by a short part of it, as its parts could then be guessed one by one.
    const groups = [
      [within(8, 16), 2],
      [within(16, 32), 4],
      [within(32, Number.POSITIVE_INFINITY), 4],
    ] as const;
    this.groups = groups.filter(([own]) => own.length > 0).map(([own, unit]) => new Group(own, unit));
    this.reach = Math.max(0, ...this.groups.map(({ reach }) => reach));
  }

  /** All matches that end behind `from`, in pieces of one text. */
  find(pieces: readonly Buffer[], from: number): Match[] {
    const bytes = joined(pieces);
    const start = Math.max(0, from - this.reach) & ~3;
    const matches: Match[] = [];
    for (const group of this.groups) group.find(bytes, start, matches);
    return matches;
  }
}

let scratch = Buffer.from(new ArrayBuffer(131_072));

/** All in one buffer, from which whole words can be read, until the next call. */
function joined(pieces: readonly Buffer[]): Buffer {
  const size = pieces.reduce((sum, { length }) => sum + length, 0);
  if (size > scratch.length) scratch = Buffer.from(new ArrayBuffer(2 * size));
  let at = 0;
  for (const piece of pieces) at += piece.copy(scratch, at);
  return scratch.subarray(0, size);
}

type Units = Uint16Array | Int32Array;

/** Needles of similar length, hashed by units of some bytes, at each offset that they can have among those. */
class Group {
  /** How far before new bytes the search has to begin. */
  readonly reach: number;
  private readonly window: number;
  /** Random for each policy, so that nobody knows the texts that share a hash with a needle. */
  private readonly factor = randomBytes(4).readInt32LE() | 1;
  private readonly leaving: number;
  private readonly marks: Uint8Array;
  private readonly shift: number;
  private readonly endings = new Map<number, Ending[]>();

  constructor(
    needles: readonly Needle[],
    private readonly unit: 2 | 4,
  ) {
    const shortest = Math.min(...needles.map(({ bytes }) => bytes.length));
    this.window = Math.floor((shortest - unit + 1) / unit);
    this.reach = (this.window + 2) * unit;
    let leaving = 1;
    for (let index = 0; index < this.window; index++) leaving = Math.imul(leaving, this.factor);
    this.leaving = leaving;
    // One in some thousand hashes is a false positive.
    const bits = Math.min(20, Math.max(12, Math.ceil(Math.log2(1024 * unit * needles.length))));
    this.shift = 32 - bits;
    this.marks = new Uint8Array(2 ** bits);
    for (const needle of needles) for (let rest = 0; rest < unit; rest++) this.enter(needle, rest);
  }

  /** @param start a multiple of `unit` */
  find(bytes: Buffer, start: number, matches: Match[]): void {
    const { window, unit } = this;
    const units = this.units(bytes.subarray(start), Math.floor((bytes.length - start) / unit));
    const steps = units.length - window;
    const compare = (from: number) =>
      this.compare(this.hash(units, from), bytes, start + (from + window) * unit, matches);
    const half = Math.max(0, steps >> 1);
    for (let at = this.nextMarked(units, 0, half); at < half; at = this.nextMarked(units, at + 1, half)) {
      compare(at);
      compare(at + half);
    }
    for (let at = 2 * half; at <= steps; at++) compare(at);
  }

  /**
   * The next window with a marked hash, or with one that is `half` behind it: in two halves at a time, as each step of one
   * has to wait for the multiplication of the step before. It calls nothing, as V8 would read the arrays' lengths anew then.
   */
  private nextMarked(units: Units, from: number, half: number): number {
    const { window, factor, leaving, marks, shift } = this;
    if (from >= half) return half;
    let first = this.hash(units, from);
    let second = this.hash(units, from + half);
    for (let at = from; at < half; at++) {
      // One test for both: hardly any hash is marked.
      if (((marks[first >>> shift] ?? 0) | (marks[second >>> shift] ?? 0)) !== 0) return at;
      const then = at + half;
      first = (Math.imul(first, factor) + (units[at + window] ?? 0) - Math.imul(units[at] ?? 0, leaving)) | 0;
      second = (Math.imul(second, factor) + (units[then + window] ?? 0) - Math.imul(units[then] ?? 0, leaving)) | 0;
    }
    return half;
  }

  private enter(needle: Needle, rest: number): void {
    const end = needle.bytes.length - rest;
    const hashed = Buffer.from(new ArrayBuffer(this.window * this.unit));
    needle.bytes.copy(hashed, 0, end - hashed.length, end);
    const hash = this.hash(this.units(hashed, this.window), 0);
    this.marks[hash >>> this.shift] = 1;
    this.endings.set(hash, [...(this.endings.get(hash) ?? []), { needle, rest }]);
  }

  private compare(hash: number, bytes: Buffer, at: number, matches: Match[]): void {
    for (const { needle, rest } of this.endings.get(hash) ?? []) {
      const end = at + rest;
      const start = end - needle.bytes.length;
      if (start < 0 || end > bytes.length || !bytes.subarray(start, end).equals(needle.bytes)) continue;
      matches.push({ start: Math.max(0, start - needle.before), end: end + needle.after, name: needle.name });
    }
  }

  /** Of the window that begins there. */
  private hash(units: Units, from: number): number {
    let hash = 0;
    for (let at = from; at < from + this.window; at++) hash = (Math.imul(hash, this.factor) + (units[at] ?? 0)) | 0;
    return hash;
  }

  private units(bytes: Buffer, count: number): Units {
    return this.unit === 2
      ? new Uint16Array(bytes.buffer, bytes.byteOffset, count)
      : new Int32Array(bytes.buffer, bytes.byteOffset, count);
  }
}
