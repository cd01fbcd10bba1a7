import { type Readable, Transform, type TransformCallback, type Writable } from "node:stream";
import { createGunzip } from "node:zlib";
import { ProxyError } from "../checks/proxy-error";
import type { ResponseHead } from "../outbound/response-head";
import type { HeldBytes } from "./held-bytes";
import type { ResponseMask } from "./response-mask";

type Coding = "identity" | "gzip" | "unknown";

/**
 * The compression of a response: RFC 9110, section 8.4.1. Object stores send an object that was stored compressed as it is,
 * whatever was requested, and that is gzip. Brotli can take 16 MiB of memory for one response, so it counts as unknown.
 */
export function encodingOf(head: ResponseHead): Coding {
  const coding = head.coding.trim().toLowerCase();
  if (coding === "" || coding === "identity") return "identity";
  return coding === "gzip" || coding === "x-gzip" ? "gzip" : "unknown";
}

/** Receives a response's compressed body as `input`, for the sandbox to read as `body`. Fails if it may hold a secret. */
export function searchedGzip(mask: ResponseMask): { readonly input: Writable; readonly body: Readable } {
  const input = new SearchedGzip(mask.newHeldBytes());
  const body = mask.bodyStream();
  input.once("error", (error) => body.destroy(error));
  input.pipe(body);
  return { input, body };
}

/** A response's body as the sandbox gets it, where it is a stream. */
export function maskedBody(incoming: Readable, head: ResponseHead, mask: ResponseMask): Readable {
  if (encodingOf(head) === "identity") return incoming.pipe(mask.bodyStream());
  const { input, body } = searchedGzip(mask);
  incoming.pipe(input);
  return body;
}

const mostWaiting = 262_144; // compressed bytes without decompressed ones
const freeBytes = 16_777_216; // decompressed, before the ratio counts
const mostRatio = 200; // zeros give 1000, logs and JSON up to 50

/** Compressed bytes, and how many decompressed ones there were with them. */
interface Piece {
  readonly bytes: Buffer;
  readonly end: number;
}

/**
 * Decompresses a response to search it, and passes on the compressed bytes unchanged, so that lengths and digests stay true. A
 * piece is passed on once nothing in it can be part of a secret. Asterisks cannot be put into it: a response with a secret is
 * broken off. One piece is decompressed at a time, and dropped as soon as it is searched.
 */
class SearchedGzip extends Transform {
  private readonly decompress = createGunzip();
  private readonly waiting: Piece[] = [];
  private size = 0;
  private total = 0;
  private arrived = 0;

  constructor(private readonly held: HeldBytes) {
    super();
    this.decompress.on("error", () => this.destroy(unsearchable("it cannot be decompressed")));
    this.decompress.on("data", (chunk: Buffer) => this.search(chunk));
    this.decompress.once("end", () => {
      if (!this.writableEnded) this.destroy(unsearchable("it has bytes behind its end"));
    });
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.arrived += chunk.length;
    this.decompress.write(chunk, () => {
      if (this.destroyed) return;
      while (this.decompress.readableLength > 0) this.decompress.read(); // into `search`, before the piece is passed on
      this.waiting.push({ bytes: chunk, end: this.total });
      this.size += chunk.length;
      this.pass(this.total - this.held.undecided);
      if (this.size > mostWaiting) done(unsearchable("it decompresses to nothing"));
      else done();
    });
  }

  override _flush(done: TransformCallback): void {
    if (this.arrived === 0) {
      done(); // a response to HEAD, or 304
      return;
    }
    this.decompress.once("end", () => {
      this.pass(Number.POSITIVE_INFINITY);
      done();
    });
    this.decompress.end();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.decompress.destroy();
    done(error);
  }

  private search(chunk: Buffer): void {
    this.total += chunk.length;
    const isFound = this.held.add([chunk]);
    this.held.release(this.held.undecided);
    if (isFound) {
      this.destroy(new ProxyError("OC6043", "broken off: the compressed response contains a secret"));
    } else if (this.total > freeBytes && this.total > mostRatio * this.arrived) {
      this.destroy(unsearchable(`it decompresses to more than ${mostRatio} times its size`));
    }
  }

  private pass(decided: number): void {
    while (this.waiting[0] !== undefined && this.waiting[0].end <= decided) {
      const { bytes } = this.waiting.shift() ?? { bytes: Buffer.alloc(0) };
      this.size -= bytes.length;
      this.push(bytes);
    }
  }
}

function unsearchable(why: string): ProxyError {
  return new ProxyError("OC6044", `broken off: the compressed response cannot be searched for secrets: ${why}`);
}
