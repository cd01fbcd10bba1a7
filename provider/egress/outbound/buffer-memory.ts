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

/** Buffers of which no more than one part is in use. */
const cut = new WeakSet<ArrayBufferLike>();

/** Lets `freeBuffer` free the whole of a piece with a part of it. */
export function disownRest(piece: Buffer): void {
  if (piece.length === piece.buffer.byteLength) cut.add(piece.buffer);
}

/** Frees a used buffer, where Node can, so that it need not be collected: nobody may read it any more. */
export function freeBuffer(bytes: Buffer): void {
  const { buffer } = bytes;
  if (bytes.length < small || (bytes.length !== buffer.byteLength && !cut.has(buffer))) return;
  if ("transfer" in buffer && typeof buffer.transfer === "function") buffer.transfer(0);
}
