import type { ServerResponse } from "node:http";
import type { ApiResponse } from "./api-request";

/** What a client receives: a response, complete or truncated, a connection reset, or nothing. */
export type Delivery = { response: ApiResponse; isTruncated?: true } | "cut" | "hang";

/** @param commonHeaders headers of every response */
export function sendResponse(to: ServerResponse, delivery: Delivery, commonHeaders: Record<string, string>): void {
  const { socket } = to;
  if (delivery === "hang") return;
  if (delivery === "cut") {
    socket?.resetAndDestroy();
    return;
  }
  const { status, headers } = delivery.response;
  const { type, body } = encoded(delivery.response);
  const entityHeaders = status === 204 ? {} : { "content-type": type, "content-length": body.length };
  to.writeHead(status, { ...commonHeaders, ...entityHeaders, ...headers });
  if (delivery.isTruncated) to.write(body.subarray(0, body.length / 2), () => socket?.resetAndDestroy());
  else to.end(body);
}

function encoded({ body }: ApiResponse): { type: string; body: Buffer } {
  if (body === undefined) return { type: "text/plain", body: Buffer.alloc(0) };
  if (Buffer.isBuffer(body)) return { type: "application/octet-stream", body };
  if (typeof body !== "string") return { type: "application/json", body: Buffer.from(JSON.stringify(body)) };
  return { type: body.startsWith("<") ? "text/html" : "text/plain", body: Buffer.from(body) };
}
