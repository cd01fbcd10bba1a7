const lookBytes = 2_097_152;
const most = 8_388_608; // bytes of buffers, of which hardly any that is in use is part

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
  if (process.memoryUsage().arrayBuffers < most) return;
  globalThis.gc(true);
  if (process.memoryUsage().arrayBuffers >= most / 2) globalThis.gc();
}
