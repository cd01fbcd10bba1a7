import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { ProxyError } from "../checks/proxy-error";
import { hasBody } from "../forwarding/forwarded-headers";

/**
 * WebSocket is the only protocol that may replace HTTP: any other, h2c first, could carry requests that are not authorized.
 * @throws ProxyError
 */
export function validateUpgrade(request: IncomingMessage): void {
  const { method, httpVersion, headers } = request;
  if (headers.upgrade?.toLowerCase() !== "websocket") {
    throw new ProxyError("OC6006", "an upgrade to a protocol other than WebSocket is not allowed");
  }
  // RFC 6455, section 4.1
  if (method !== "GET" || httpVersion !== "1.1" || hasBody(request)) {
    throw invalidHandshake("it is not a GET without a body");
  }
  if (headers["sec-websocket-version"] !== "13") throw new ProxyError("OC6023", "the WebSocket's version is not 13");
  const key = headers["sec-websocket-key"] ?? "";
  if (Buffer.from(key, "base64").length !== 16 || key.length !== 24) {
    throw invalidHandshake("it has no key of 16 bytes");
  }
}

/** Requires the upstream to accept this very handshake: one that does not may speak HTTP behind its 101. @throws ProxyError */
export function validateAcceptance(request: IncomingMessage, { headers }: IncomingMessage, host: string): void {
  const expected = createHash("sha1")
    .update(`${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`) // RFC 6455, section 1.3
    .digest("base64");
  if (headers.upgrade?.toLowerCase() !== "websocket" || headers["sec-websocket-accept"] !== expected) {
    throw new ProxyError("OC6042", `${host} sent 101 without accepting the WebSocket handshake`);
  }
}

function invalidHandshake(why: string): ProxyError {
  return new ProxyError("OC6022", `the WebSocket handshake is invalid: ${why}`);
}
