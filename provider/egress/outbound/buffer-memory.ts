import { getHeapStatistics } from "node:v8";

const checkBytes = 4_194_304;
const most = 12_582_912; // bytes of buffers, of which hardly any that is in use is part
const small = 4096; // Node keeps what is smaller in common buffers

let since = 0;

/**
 * Bounds the memory of bodies that were passed on. V8 keeps a buffer that has survived two small collections, as those that
 * wait for a slow reader do, until the next large one, and such buffers cause that one only once there are 64 MB of
 * them. So this checks their size every few megabytes. Without `--expose-gc` it does nothing.
 */
export function countPassedBytes(bytes: number): void {
  since += bytes;
  if (since < checkBytes || globalThis.gc === undefined) return;
  since = 0;
  if (getHeapStatistics().external_memory < most) return;
  globalThis.gc(true);
  if (getHeapStatistics().external_memory >= most / 2) globalThis.gc();
}

/** Buffers of which only the piece that is passed on is still in use. */
const concatenated = new WeakSet<ArrayBufferLike>();

/** Both in one buffer, which `freeBuffer` accepts for a piece of it. */
export function concatBuffers(before: Buffer, behind: Buffer): Buffer {
  const both = Buffer.allocUnsafeSlow(before.length + behind.length);
  before.copy(both);
  behind.copy(both, before.length);
  concatenated.add(both.buffer);
  return both;
}

/** Frees a used buffer, where Node can, so that it need not be collected: nobody may read it any more. */
export function freeBuffer(bytes: Buffer): void {
  const { buffer } = bytes;
  if (bytes.length < small || (bytes.length !== buffer.byteLength && !concatenated.has(buffer))) return;
  if ("transfer" in buffer && typeof buffer.transfer === "function") buffer.transfer(0);
}
