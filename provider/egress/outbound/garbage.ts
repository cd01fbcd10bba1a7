import { getHeapStatistics } from "node:v8";

const lookBytes = 4_194_304;
const most = 12_582_912; // bytes of buffers, of which hardly any that is in use is part
const small = 4096; // Node keeps what is smaller in common buffers

let since = 0;

/**
 * Bounds what is left of bodies that went through. V8 keeps a buffer that has survived two small collections, as those that
 * wait for a slow reader do, until the next large one, and such buffers call for that one only once there are 64 MB of
 * them. So now and then this looks how many there are. Without `--expose-gc` it does nothing.
 */
export function passed(bytes: number): void {
  since += bytes;
  if (since < lookBytes || globalThis.gc === undefined) return;
  since = 0;
  if (getHeapStatistics().external_memory < most) return;
  globalThis.gc(true);
  if (getHeapStatistics().external_memory >= most / 2) globalThis.gc();
}

/** Buffers of which nothing but the piece that is handed on is used any more. */
const joined = new WeakSet<ArrayBufferLike>();

/** Both in one buffer, which whoever gets a piece of it may give back. */
export function join(before: Buffer, behind: Buffer): Buffer {
  const both = Buffer.allocUnsafeSlow(before.length + behind.length);
  before.copy(both);
  behind.copy(both, before.length);
  joined.add(both.buffer);
  return both;
}

/** Gives back what was used, where Node can, so that it need not be collected: nobody may read it any more. */
export function release(bytes: Buffer): void {
  const { buffer } = bytes;
  if (bytes.length < small || (bytes.length !== buffer.byteLength && !joined.has(buffer))) return;
  if ("transfer" in buffer && typeof buffer.transfer === "function") buffer.transfer(0);
}
