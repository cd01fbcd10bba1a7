import { Transform, type TransformCallback } from "node:stream";
import { joined } from "../audit/audit";
import { join } from "../outbound/garbage";
import type { Policy } from "../policy/policy";
import { type Match, type Needle, Search } from "./search";
import { base64, spellings } from "./spellings";

/** Milliseconds in which nothing comes after which the end of a piece goes on: an answer may pause where it likes. */
const silenceMs = 500;

/** A byte of a secret takes no more in any spelling of it: base64, with each character as `\u002B`. */
const longestSpelling = 8;

const shortest = 8; // bytes of a spelling: what is shorter stands everywhere by chance

/** What must not come back to the sandbox, whatever domain answers. */
export class Masking {
  readonly search: Search;
  /** Bytes in which the longest spelling has room, from the length of the longest secret alone. */
  readonly room: number;

  constructor({ secrets }: Pick<Policy, "secrets">) {
    this.search = new Search(needlesOf(secrets));
    const lengths = secrets.map(({ value }) => Buffer.byteLength(value));
    this.room = (Math.max(...lengths) + 1) * longestSpelling;
  }
}

function needlesOf(secrets: Policy["secrets"]): Needle[] {
  const needles = new Map<string, Needle>();
  for (const { name, value } of secrets) {
    const encoded = base64(Buffer.from(value, "utf8"));
    const texts = [{ text: value, before: 0, after: 0 }, ...encoded];
    for (const { text, before, after } of texts) {
      for (const spelled of spellings(text)) {
        const bytes = Buffer.from(spelled, "utf8");
        if (bytes.length >= shortest) needles.set(`${before}${after}${spelled}`, { bytes, name, before, after });
      }
    }
  }
  return [...needles.values()];
}

/**
 * Keeps secrets out of one answer: an upstream may echo what it was sent. Wherever the answer holds a secret, asterisks
 * stand in its place, as many as it has bytes, so that lengths and framing stay true. It knows the usual spellings and
 * can find no other transformation.
 */
export class Mask {
  /** The names of the secrets that were found. */
  readonly found = new Set<string>();

  constructor(private readonly masking: Masking) {}

  /** Of headers: names and values. Searched together first, as hardly any answer holds a secret there. */
  readonly texts = (all: string[]): string[] => {
    const isClean = this.masking.search.find(Buffer.from(all.join("\n"), "latin1"), 0).length === 0;
    return isClean ? all : all.map((text) => this.text(text));
  };

  private text(value: string): string {
    const bytes = Buffer.from(value, "latin1");
    const matches = this.masking.search.find(bytes, 0);
    if (matches.length === 0) return value;
    for (const { start, end, name } of matches) {
      bytes.fill("*", start, Math.min(end, bytes.length));
      this.found.add(name);
    }
    return bytes.toString("latin1");
  }

  /** What the log says of the answer, with what it found. */
  noted(reason: string): string {
    if (this.found.size === 0) return reason;
    return joined(reason, `masked in the answer: the secret ${[...this.found].join(", ")}`);
  }

  held(): Held {
    return new Held(this.masking, this.found);
  }

  /** Of a body that comes as a stream. */
  stream(): Transform {
    return new MaskedStream(this.held());
  }
}

/**
 * The end of a stream, in which a secret may have begun. What is released, and when, depends on lengths and line ends
 * and never on a secret: an attacker who chooses the text could else read the secret in sizes and delays, byte by byte.
 */
export class Held {
  /** The latest bytes as they came, released or not: a secret may have begun in what is released. */
  private bytes: Buffer = Buffer.alloc(0);
  private matches: Match[] = [];
  /** How many of them, at the end, are not released. */
  length = 0;
  /** Whether what is released of the latest chunk is a copy. */
  hasCopied = false;

  constructor(
    private readonly masking: Masking,
    private readonly found: Set<string>,
  ) {}

  /** @returns whether a secret came to its end in it */
  add(chunk: Buffer): boolean {
    const before = this.bytes.length;
    this.hasCopied = before > 0;
    this.bytes = before === 0 ? chunk : join(this.bytes, chunk);
    this.length += chunk.length;
    const matches = this.masking.search.find(this.bytes, before);
    for (const match of matches) this.found.add(match.name);
    this.matches.push(...matches);
    return matches.length > 0;
  }

  /** How many bytes at the end a secret may yet turn out to be part of. No secret holds a line end: policy.ts. */
  get undecided(): number {
    const last = this.bytes.subarray(Math.max(0, this.bytes.length - this.masking.room));
    return Math.min(this.length, last.length - 1 - last.lastIndexOf("\n"));
  }

  /** Releases all but the last `kept` bytes. */
  release(kept: number): Buffer {
    const { bytes } = this;
    const from = bytes.length - this.length;
    const to = bytes.length - kept;
    const dropped = Math.max(0, bytes.length - this.masking.room);
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

/** A body that is masked piece by piece. What goes on of it is handed to `out`, at once or after a silence. */
export class MaskedBody {
  private timer: NodeJS.Timeout | undefined;
  private pieces = 0;
  /** Whether the latest piece is held as a whole. */
  private isUnreleased = false;
  private isOver = false;

  /** @param isBehind whether the client takes in more slowly than the upstream sends, so that it is not read either */
  constructor(
    private readonly held: Held,
    private readonly out: (bytes: Buffer) => void,
    private readonly isBehind: () => boolean,
  ) {}

  /** What may go on of it does so with what follows, be it the answer's end: most answers are one piece. */
  write(piece: Buffer): void {
    this.pieces++;
    if (this.isUnreleased) this.release(this.held.undecided);
    this.held.add(piece);
    this.isUnreleased = true;
  }

  /** All has been written that has come by now: silence begins here. */
  rest(): void {
    if (this.isUnreleased) this.release(this.held.undecided);
    if (this.timer) this.timer.refresh();
    else if (this.held.length > 0) this.timer = setTimeout(() => this.onSilence(), silenceMs);
  }

  end(): void {
    this.release(0);
    this.close();
  }

  /** Releases nothing more. */
  close(): void {
    this.isOver = true;
    clearTimeout(this.timer);
  }

  private release(kept: number): void {
    this.isUnreleased = false;
    const released = this.held.release(kept);
    if (released.length > 0) this.out(released);
  }

  /**
   * Silence is the upstream's: while the client does not read, the upstream is not read either, and what this process
   * was too busy to read is looked for once more. Else a client could choose where a secret is cut in two.
   */
  private onSilence(): void {
    if (this.held.length === 0) return;
    if (this.isBehind()) {
      this.timer?.refresh();
      return;
    }
    const { pieces } = this;
    setTimeout(() => {
      if (this.pieces === pieces && !this.isOver) this.release(0);
    }, 1);
  }
}

/** The same as a stream. */
class MaskedStream extends Transform {
  private readonly body: MaskedBody;

  constructor(held: Held) {
    super();
    const isBehind = () => this.readableLength > 0 || this.isPaused() || this.writableLength > 0;
    this.body = new MaskedBody(held, (bytes) => this.push(bytes), isBehind);
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.body.write(chunk);
    this.body.rest();
    done();
  }

  override _flush(done: TransformCallback): void {
    this.body.end();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.body.close();
    done(error);
  }
}
