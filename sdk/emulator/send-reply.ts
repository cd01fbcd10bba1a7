import type { ServerResponse } from "node:http";
import type { Answer } from "./call";
import type { Reply } from "./service";

/** @param headers those that every answer has */
export function sendReply(response: ServerResponse, reply: Reply, headers: Record<string, string>): void {
  const { socket } = response;
  if (reply === "hang") return;
  if (reply === "cut") {
    socket?.resetAndDestroy();
    return;
  }
  const { type, body } = encoded(reply.answer);
  const length = reply.answer.status === 204 ? {} : { "content-type": type, "content-length": body.length };
  response.writeHead(reply.answer.status, { ...headers, ...length, ...reply.answer.headers });
  if (reply.isHalf) response.write(body.subarray(0, body.length / 2), () => socket?.resetAndDestroy());
  else response.end(body);
}

function encoded({ body }: Answer): { type: string; body: Buffer } {
  if (body === undefined) return { type: "text/plain", body: Buffer.alloc(0) };
  if (typeof body !== "string") return { type: "application/json", body: Buffer.from(JSON.stringify(body)) };
  return { type: body.startsWith("<") ? "text/html" : "text/plain", body: Buffer.from(body) };
}
