import type { Socket } from "node:net";

/** Sends all writes of this turn of the event loop together: TLS passes large bodies on in pieces of 16 KiB. */
export function corkForTurn(socket: Socket): void {
  if (socket.writableCorked > 0) return;
  socket.cork();
  setImmediate(() => socket.uncork());
}
