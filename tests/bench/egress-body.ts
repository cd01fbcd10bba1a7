import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";

const block = randomBytes(262_144);

/** So many bytes without a pattern. */
export function body(bytes: number): Readable {
  return Readable.from(blocks(bytes), { objectMode: false });
}

function* blocks(bytes: number): Generator<Buffer> {
  for (let left = bytes; left > 0; left -= block.length) yield block.subarray(0, left);
}
