import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { printable } from "../checks/printable";
import type { ProxyError } from "../checks/proxy-error";

/** The header with which the gateway itself marks a denial. */
export const policyMark = "X-OpenAI-Containers-Policy";

const lingerMs = 2000; // in which what the client still sends is thrown away, so that it comes to read the answer

/** The sentence for whoever reads the answer. */
function sentence({ kind, message }: ProxyError, sandbox: string): string {
  const by =
    kind === "denied" ? `blocked by the network policy of ${sandbox}` : `the gateway of ${sandbox} has no answer`;
  return `${by}: ${message}\n`;
}

function fields({ kind }: ProxyError, body: string): string[] {
  const mark = kind === "denied" ? [policyMark, "denied"] : [];
  const length = String(Buffer.byteLength(body));
  return [...mark, "Content-Type", "text/plain; charset=utf-8", "Content-Length", length, "Connection", "close"];
}

/** Says no to a request, and closes its connection. */
export function answer(request: IncomingMessage, response: ServerResponse, refused: ProxyError, sandbox: string): void {
  const body = sentence(refused, sandbox);
  response.sendDate = false;
  response.shouldKeepAlive = false;
  response.writeHead(refused.status, fields(refused, body));
  if (request.complete) {
    response.end(body);
    return;
  }
  response.write(body);
  endBehind(request, response);
}

/** Ends an answer that came before its request was over, once that is, or soon: what still comes is thrown away. */
export function endBehind(request: IncomingMessage, response: ServerResponse): void {
  const end = () => response.end();
  const timer = setTimeout(end, lingerMs);
  response.once("close", () => clearTimeout(timer));
  request.once("end", end).resume();
}

/**
 * The same where there is no response object: for CONNECT, upgrades and what is no request. The reason stands in the
 * first line too, as many clients show nothing else of an answer to CONNECT.
 */
export function answerRaw(socket: Socket, refused: ProxyError, sandbox: string): void {
  const body = sentence(refused, sandbox);
  const phrase = printable(`${STATUS_CODES[refused.status]}: ${refused.message}`, 300);
  leave(socket, head(refused.status, phrase, fields(refused, body)) + body);
}

export function head(status: number, phrase: string, pairs: readonly string[]): string {
  const lines = [`HTTP/1.1 ${status} ${phrase}`];
  for (let index = 0; index < pairs.length; index += 2) lines.push(`${pairs[index]}: ${pairs[index + 1]}`);
  return `${lines.join("\r\n")}\r\n\r\n`;
}

function leave(socket: Socket, last: string): void {
  const timer = setTimeout(() => socket.destroy(), lingerMs);
  socket.once("close", () => clearTimeout(timer));
  socket.end(last, "latin1");
  socket.resume();
}
