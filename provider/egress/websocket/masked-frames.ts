import { Transform, type TransformCallback } from "node:stream";
import type { HeldBytes } from "../secrets/held-bytes";
import { headLength, payloadLength } from "./frame-check";

/**
 * The frames of a WebSocket's server (RFC 6455, section 5.2), with secrets masked in their payloads. The end of a
 * payload is held until more of it comes or the frame ends: its length is known by then, so nothing waits for a time.
 */
export class MaskedFrames extends Transform {
  /** The received bytes of an incomplete frame head. */
  private head: Buffer = Buffer.alloc(0);
  /** Bytes of payload that are still to come. */
  private left = 0;

  constructor(private readonly held: HeldBytes) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const released: Buffer[] = [];
    try {
      for (let at = 0; at < chunk.length; ) {
        at += this.left > 0 ? this.payload(chunk.subarray(at), released) : this.begin(chunk.subarray(at), released);
      }
    } catch (error) {
      done(error instanceof Error ? error : new Error("a frame that cannot be read"));
      return;
    }
    done(null, Buffer.concat(released));
  }

  override _flush(done: TransformCallback): void {
    done(null, Buffer.concat(this.held.release(0)));
  }

  /** @returns how many bytes it took */
  private payload(bytes: Buffer, released: Buffer[]): number {
    const own = bytes.subarray(0, this.left);
    this.left -= own.length;
    this.held.add([own]);
    released.push(...this.held.release(this.left === 0 ? 0 : this.held.undecided));
    return own.length;
  }

  /** @returns how many bytes it took */
  private begin(bytes: Buffer, released: Buffer[]): number {
    const before = this.head.length;
    const head = Buffer.concat([this.head, bytes.subarray(0, longestHead - before)]);
    const size = headLength(head);
    this.head = head.length < size ? head : Buffer.alloc(0);
    if (head.length < size) return bytes.length;
    validateHead(head);
    this.left = payloadLength(head);
    released.push(head.subarray(0, size));
    return size - before;
  }
}

const longestHead = 14;

/** An extension that was not requested could compress a payload, which could not be searched then. */
function validateHead(head: Buffer): void {
  const [first = 0, second = 0] = head;
  // Servers mask nothing (section 5.1), and without extensions no bit is reserved for any.
  if ((first & 0x70) !== 0 || (second & 0x80) !== 0) throw new Error("a frame that no server may send");
  if (!Number.isSafeInteger(payloadLength(head))) throw new Error("a frame of unlimited length");
}
