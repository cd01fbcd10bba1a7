import { type Readable, Transform, type TransformCallback, type Writable } from "node:stream";
import { createGunzip } from "node:zlib";
import { ProxyError } from "../checks/proxy-error";
import type { ResponseHead } from "../outbound/response-head";
import type { Held, Mask } from "./mask";

type Coding = "identity" | "gzip" | "unknown";

/**
 * How an answer is compressed: RFC 9110, section 8.4.1. Object stores send what was stored compressed as it is, whatever
 * was asked for, and that is gzip. Brotli can take 16 MiB of memory for one answer, so it counts as unknown.
 */
export function encodingOf(head: ResponseHead): Coding {
  const coding = head.coding.trim().toLowerCase();
  if (coding === "" || coding === "identity") return "identity";
  return coding === "gzip" || coding === "x-gzip" ? "gzip" : "unknown";
}

/** Takes an answer's compressed body, and gives it to the sandbox. It fails where a secret cannot be kept out of it. */
export function searchedGzip(mask: Mask): { readonly entry: Writable; readonly body: Readable } {
  const entry = new SearchedGzip(mask.held());
  const body = mask.stream();
  entry.once("error", (error) => body.destroy(error));
  entry.pipe(body);
  return { entry, body };
}

/** An answer's body as the sandbox gets it, where it comes as a stream. */
export function maskedBody(incoming: Readable, head: ResponseHead, mask: Mask): Readable {
  if (encodingOf(head) === "identity") return incoming.pipe(mask.stream());
  const { entry, body } = searchedGzip(mask);
  incoming.pipe(entry);
  return body;
}

const mostWaiting = 262_144; // compressed bytes that tell nothing yet
const freeBytes = 16_777_216; // decompressed, before the ratio counts
const mostRatio = 200; // zeros give 1000, logs and JSON up to 50

/** Compressed bytes, and how many decompressed ones there were with them. */
interface Piece {
  readonly bytes: Buffer;
  readonly end: number;
}

/**
 * Decompresses an answer to search it, and passes on what came, byte for byte, so that lengths and digests stay true. A
 * piece goes on once nothing in it can be part of a secret. Asterisks cannot be put into it: where there is a secret, it
 * is cut. One piece is decompressed at a time, and what comes of it is kept no longer than it is searched.
 */
class SearchedGzip extends Transform {
  private readonly decompress = createGunzip();
  private readonly waiting: Piece[] = [];
  private size = 0;
  private total = 0;
  private arrived = 0;

  constructor(private readonly held: Held) {
    super();
    this.decompress.on("error", () => this.destroy(failed("an answer that cannot be decompressed to be searched")));
    this.decompress.on("data", (chunk: Buffer) => this.search(chunk));
    this.decompress.once("end", () => {
      if (!this.writableEnded) this.destroy(failed("bytes behind the end of a compressed answer"));
    });
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.arrived += chunk.length;
    this.decompress.write(chunk, () => {
      if (this.destroyed) return;
      while (this.decompress.readableLength > 0) this.decompress.read(); // into `search`, before the piece may go on
      this.waiting.push({ bytes: chunk, end: this.total });
      this.size += chunk.length;
      this.pass(this.total - this.held.undecided);
      if (this.size > mostWaiting) done(failed("an answer that decompresses to nothing"));
      else done();
    });
  }

  override _flush(done: TransformCallback): void {
    if (this.arrived === 0) {
      done(); // an answer to HEAD, or one that has not changed
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
    const isFound = this.held.add(chunk);
    this.held.release(this.held.undecided);
    if (isFound) {
      this.destroy(failed("a secret in a compressed answer"));
    } else if (this.total > freeBytes && this.total > mostRatio * this.arrived) {
      this.destroy(failed(`an answer that decompresses to more than ${mostRatio} times its size`));
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

function failed(reason: string): ProxyError {
  return new ProxyError(502, `cut: ${reason}`, "failed");
}
