import { Transform, type TransformCallback } from "node:stream";
import { longestRebuiltHead } from "./limits";

/**
 * Keeps a secret from coming back: an upstream may echo what it was sent. Wherever an answer holds a secret of its
 * domain, asterisks stand in its place, as many as it has bytes, so that lengths and framing stay true. This finds the
 * secret as it is, and as JSON, a URL or Basic credentials spell it. It can find no other transformation.
 */
export class Mask {
  constructor(private readonly needles: readonly Buffer[]) {}

  /** Of a header's value. */
  readonly text = (value: string): string => {
    const bytes = Buffer.from(value, "latin1");
    return this.hide(bytes) ? bytes.toString("latin1") : value;
  };

  /** Of a body. It holds back only what may be the beginning of a secret. */
  stream(): Transform {
    let held: Buffer = Buffer.alloc(0);
    const transform = (chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback) => {
      const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      const end = bytes.length - this.beginning(bytes);
      // What begins behind the end is judged with what follows it: it may be the beginning of a longer secret.
      this.hide(bytes, end);
      held = bytes.subarray(end);
      done(null, bytes.subarray(0, end));
    };
    const flush = (done: TransformCallback) => {
      this.hide(held);
      done(null, held);
    };
    return new Transform({ transform, flush });
  }

  private hide(bytes: Buffer, end = bytes.length): boolean {
    let found = false;
    for (const needle of this.needles) {
      for (let at = bytes.indexOf(needle); at >= 0 && at < end; at = bytes.indexOf(needle, at + needle.length)) {
        bytes.fill("*", at, at + needle.length);
        found = true;
      }
    }
    return found;
  }

  /** How many bytes at the end may be the beginning of a secret. */
  private beginning(bytes: Buffer): number {
    let most = 0;
    for (const needle of this.needles) {
      const [first = 0] = needle;
      let at = bytes.indexOf(first, Math.max(0, bytes.length - needle.length + 1));
      while (at >= 0 && bytes.length - at > most) {
        if (bytes.subarray(at).equals(needle.subarray(0, bytes.length - at))) most = bytes.length - at;
        at = bytes.indexOf(first, at + 1);
      }
    }
    return most;
  }
}

const shortest = 8; // bytes: what is shorter stands everywhere by chance

/** What to look for, the longest first. What is longer than a head was never sent. */
export function needlesFor(values: readonly string[], derived: readonly string[] = []): Buffer[] {
  const spelled = values.flatMap((value) => [value, JSON.stringify(value).slice(1, -1), percentEncoded(value)]);
  const all = [...new Set([...spelled, ...derived])].map((text) => Buffer.from(text, "utf8"));
  const telling = all.filter(({ length }) => length >= shortest && length <= longestRebuiltHead);
  return telling.sort((a, b) => b.length - a.length);
}

function percentEncoded(value: string): string {
  // By way of bytes, as it throws on half a surrogate pair.
  return encodeURIComponent(Buffer.from(value, "utf8").toString("utf8"));
}
