import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** What a client sends beside `Connection` and `Upgrade`; the key is the one of RFC 6455, section 1.3. */
export const handshakeFields = "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";

/** An upstream's agreement. */
export function agreement(request: { readonly headers: IncomingMessage["headers"] }, more = ""): string {
  const accept = createHash("sha1")
    .update(`${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest("base64");
  return `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\n${more}\r\n`;
}

/** A short frame of text. A client's is masked, here with zeros, so that the text stands in it as it is. */
export function frame(text: string, masked: boolean): string {
  const length = Buffer.byteLength(text, "latin1");
  return `\x81${String.fromCharCode(length | (masked ? 0x80 : 0))}${masked ? "\0\0\0\0" : ""}${text}`;
}
