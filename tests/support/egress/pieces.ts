import type { Duplex } from "node:stream";
import type { Site } from "./site";
import { ways } from "./speak";
import { agreement, handshakeFields } from "./websocket";

/** Bytes that arrived together, and after how many milliseconds. */
export interface Piece {
  readonly length: number;
  readonly ms: number;
}

export interface Arrived {
  readonly pieces: Piece[];
  /** All of it behind the head. */
  readonly body: string;
}

/** Sends a request over TLS on a fresh connection, and records the response in pieces with their times, until the connection closes. */
export async function arrivals(site: Site, head: string, host = "a.example.com"): Promise<Arrived> {
  const socket = await ways["TLS, by the proxy"](site, host);
  const began = performance.now();
  const pieces: Piece[] = [];
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    const ms = performance.now() - began;
    const last = pieces.at(-1);
    // Bytes of one write may arrive as several pieces.
    if (last && ms - last.ms < 100) pieces.splice(-1, 1, { length: last.length + chunk.length, ms: last.ms });
    else pieces.push({ length: chunk.length, ms });
  });
  socket.write(`GET / HTTP/1.1\r\nHost: ${host}\r\n${head}\r\n`, "latin1");
  await new Promise((resolve) => socket.once("end", resolve).once("close", resolve));
  socket.destroy();
  const text = Buffer.concat(chunks).toString("latin1");
  return { pieces, body: text.slice(text.indexOf("\r\n\r\n") + 4) };
}

/** Writes one after the other, `ms` between them, and ends. */
export async function dribble(socket: Duplex, parts: readonly (string | Buffer)[], ms: number): Promise<void> {
  for (const [index, part] of parts.entries()) {
    if (index > 0) await new Promise((resolve) => setTimeout(resolve, ms));
    socket.write(typeof part === "string" ? Buffer.from(part, "latin1") : part);
  }
  setTimeout(() => socket.end(), ms);
}

/** The header fields of a WebSocket's handshake: RFC 6455, section 4. */
export const webSocketHandshake = `Connection: Upgrade\r\nUpgrade: websocket\r\n${handshakeFields}\r\n`;

/** The response to them. */
export function webSocketResponse(key: string | undefined): string {
  return agreement({ headers: { "sec-websocket-key": key } });
}

/** A short frame as clients send them: RFC 6455, section 5.3, with a mask that changes nothing. */
export function clientFrame(payload: string): Buffer {
  return Buffer.concat([Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]), Buffer.from(payload, "latin1")]);
}

/** A frame as servers send them: RFC 6455, section 5.2. */
export function frame(payload: string | Buffer, first = 0x81): Buffer {
  const bytes = typeof payload === "string" ? Buffer.from(payload, "latin1") : payload;
  if (bytes.length < 126) return Buffer.concat([Buffer.from([first, bytes.length]), bytes]);
  const head = Buffer.alloc(bytes.length < 65_536 ? 4 : 10);
  head[0] = first;
  head[1] = bytes.length < 65_536 ? 126 : 127;
  if (bytes.length < 65_536) head.writeUInt16BE(bytes.length, 2);
  else head.writeBigUInt64BE(BigInt(bytes.length), 2);
  return Buffer.concat([head, bytes]);
}
