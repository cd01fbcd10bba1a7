import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { malformed, ProxyError } from "../checks/proxy-error";
import { hasBody } from "./headers";

/**
 * The only protocol that HTTP may be changed for: any other, h2c first, would bring requests that nobody judges.
 * @throws Refused
 */
export function judgeUpgrade(request: IncomingMessage): void {
  const { method, httpVersion, headers } = request;
  if (headers.upgrade?.toLowerCase() !== "websocket") {
    throw new ProxyError(403, "an upgrade to a protocol other than websocket");
  }
  // RFC 6455, section 4.1
  if (method !== "GET" || httpVersion !== "1.1" || hasBody(request)) {
    throw malformed("a WebSocket that does not begin with a plain GET");
  }
  if (headers["sec-websocket-version"] !== "13") throw new ProxyError(426, "a WebSocket of another version than 13");
  const key = headers["sec-websocket-key"] ?? "";
  if (Buffer.from(key, "base64").length !== 16 || key.length !== 24) {
    throw malformed("a WebSocket without a key of 16 bytes");
  }
}

/** Whether an upstream has agreed to this very handshake: one that has not may speak HTTP behind its 101. @throws Refused */
export function judgeAgreement(request: IncomingMessage, { headers }: IncomingMessage, host: string): void {
  const expected = createHash("sha1")
    .update(`${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`) // RFC 6455, section 1.3
    .digest("base64");
  if (headers.upgrade?.toLowerCase() !== "websocket" || headers["sec-websocket-accept"] !== expected) {
    throw new ProxyError(502, `${host} answers 101 without having understood the WebSocket's handshake`, "failed");
  }
}
