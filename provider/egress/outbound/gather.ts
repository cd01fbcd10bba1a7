import type { Socket } from "node:net";

/** What is written to a socket from now to the end of this turn goes out at once: TLS hands large bodies on in pieces of 16 KiB. */
export function gather(socket: Socket): void {
  if (socket.writableCorked > 0) return;
  socket.cork();
  setImmediate(() => socket.uncork());
}
