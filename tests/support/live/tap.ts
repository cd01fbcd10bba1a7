import type { Socket } from "node:net";
import { Duplex } from "node:stream";

/**
 * A connection whose bytes are heard before whoever serves it has them. Node's HTTP server takes those of a socket past its
 * listeners, and those of any other stream as they come.
 */
export function tapped(socket: Socket, hear: (chunk: Buffer) => void): Duplex {
  const tap = new Duplex({
    read: () => socket.resume(),
    write: (chunk, _encoding, done) => void socket.write(chunk, () => done()),
    final: (done) => void socket.end(() => done()),
    destroy: (_error, done) => done(socket.destroy() && null),
  });
  tap.on("error", () => undefined);
  socket.on("error", () => undefined);
  socket.on("data", (chunk: Buffer) => {
    hear(chunk);
    if (!tap.push(chunk)) socket.pause();
  });
  socket.on("end", () => tap.push(null)).on("close", () => tap.destroy());
  return tap;
}
