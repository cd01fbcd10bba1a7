import { Transform, type TransformCallback } from "node:stream";

/**
 * Passes a sequence of WebSocket frames on (RFC 6455, section 5.2) and fails at the first byte of anything else, so that an
 * opened WebSocket carries no other protocol. Payloads are not inspected.
 *
 * @param masked whether each frame has to be masked, as a client's, or none may be, as a server's
 * @param extended whether an extension was agreed on, which may use the reserved bits
 */
export function requireFrames(masked: boolean, extended: boolean): Transform {
  let head = Buffer.alloc(0);
  let left = 0; // bytes of the payload that are still to come
  let inMessage = false; // whether the next data frame continues one

  const take = (chunk: Buffer) => {
    for (let at = 0; at < chunk.length; ) {
      if (left > 0) {
        const some = Math.min(left, chunk.length - at);
        left -= some;
        at += some;
        continue;
      }
      const missing = headLength(head) - head.length;
      head = Buffer.concat([head, chunk.subarray(at, at + missing)]);
      at += missing;
      if (head.length < 2 || head.length < headLength(head)) continue;
      inMessage = validateFrame(head, { masked, extended, inMessage });
      left = payloadLength(head);
      head = Buffer.alloc(0);
    }
  };
  return new Transform({
    transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback) {
      try {
        take(chunk);
        done(null, chunk);
      } catch (error) {
        done(error instanceof Error ? error : new InvalidFrame("unknown"));
      }
    },
  });
}

export class InvalidFrame extends Error {}

/** The length of a frame's head, as far as its first bytes determine it: two at first. */
export function headLength(head: Buffer): number {
  const [, second] = head;
  if (second === undefined) return 2;
  const code = second & 0x7f;
  return 2 + (code === 126 ? 2 : code === 127 ? 8 : 0) + (second & 0x80 ? 4 : 0);
}

export function payloadLength(head: Buffer): number {
  const code = (head[1] ?? 0) & 0x7f;
  if (code < 126) return code;
  return code === 126 ? head.readUInt16BE(2) : Number(head.readBigUInt64BE(2));
}

/** @returns whether the next data frame has to continue this one's message */
function validateFrame(head: Buffer, expected: { masked: boolean; extended: boolean; inMessage: boolean }): boolean {
  const [first = 0, second = 0] = head;
  const isLast = (first & 0x80) !== 0;
  const opcode = first & 0x0f;
  const length = payloadLength(head);
  if (!expected.extended && (first & 0x70) !== 0) throw new InvalidFrame("a reserved bit");
  if (((second & 0x80) !== 0) !== expected.masked) throw new InvalidFrame(expected.masked ? "no mask" : "a mask");
  validateLength(second & 0x7f, length);
  if (opcode >= 8) {
    if (opcode > 10 || !isLast || length > 125) throw new InvalidFrame("an unknown control frame");
    return expected.inMessage;
  }
  if (opcode > 2 || (opcode === 0) !== expected.inMessage) throw new InvalidFrame("a frame out of place");
  return !isLast;
}

function validateLength(code: number, length: number): void {
  const isShortest = code < 126 || (code === 126 ? length >= 126 : length >= 65_536 && Number.isSafeInteger(length));
  if (!isShortest) throw new InvalidFrame("a length in another form than the shortest");
}
