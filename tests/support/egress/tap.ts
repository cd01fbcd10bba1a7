import type { Socket } from "node:net";
import { Duplex } from "node:stream";

/**
 * A connection whose bytes are recorded before its server reads them. Node's HTTP server reads a socket past its listeners,
 * and any other stream through them.
 */
export function tapped(socket: Socket, record: (chunk: Buffer) => void): Duplex {
  const tap = new Duplex({
    read: () => socket.resume(),
    write: (chunk, _encoding, done) => void socket.write(chunk, () => done()),
    final: (done) => void socket.end(() => done()),
    destroy: (_error, done) => done(socket.destroy() && null),
  });
  tap.on("error", () => undefined);
  socket.on("error", () => undefined);
  socket.on("data", (chunk: Buffer) => {
    record(chunk);
    if (!tap.push(chunk)) socket.pause();
  });
  socket.on("end", () => tap.push(null)).on("close", () => tap.destroy());
  return tap;
}
