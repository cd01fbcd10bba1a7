import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { printable } from "../checks/printable";
import type { ProxyError } from "../checks/proxy-error";
import { coded, type ErrorKind } from "../checks/reasons";

/** The header that marks a denial by the policy. */
export const policyHeader = "X-OpenAI-Containers-Policy";

const lingerMs = 2000; // in which the rest of the request is discarded, so that the client gets to read the response

const prefixes: Record<ErrorKind, (sandbox: string) => string> = {
  denied: (sandbox) => `blocked by the network policy of ${sandbox}`,
  "bad request": (sandbox) => `rejected by the gateway of ${sandbox}`,
  unavailable: (sandbox) => `the gateway of ${sandbox} is unavailable`,
  "upstream error": (sandbox) => `the gateway of ${sandbox} got no valid response from the upstream`,
  disconnected: (sandbox) => `the gateway of ${sandbox} lost the connection`,
};

function bodyOf({ code, kind, reason }: ProxyError, sandbox: string): string {
  return `${coded(code, `${prefixes[kind](sandbox)}: ${reason}`)}\n`;
}

function fields({ kind }: ProxyError, body: string): string[] {
  const mark = kind === "denied" ? [policyHeader, "denied"] : [];
  const length = String(Buffer.byteLength(body));
  return [...mark, "Content-Type", "text/plain; charset=utf-8", "Content-Length", length, "Connection", "close"];
}

/** Responds to a request with the reason, and closes its connection. */
export function sendError(
  request: IncomingMessage,
  response: ServerResponse,
  error: ProxyError,
  sandbox: string,
): void {
  const body = bodyOf(error, sandbox);
  response.sendDate = false;
  response.shouldKeepAlive = false;
  response.writeHead(error.status, fields(error, body));
  if (request.complete) {
    response.end(body);
    return;
  }
  response.write(body);
  endAfterRequest(request, response);
}

/** Ends a response that came before its request was over, once that is, or soon: the rest of the request is discarded. */
export function endAfterRequest(request: IncomingMessage, response: ServerResponse): void {
  const end = () => response.end();
  const timer = setTimeout(end, lingerMs);
  response.once("close", () => clearTimeout(timer));
  request.once("end", end).resume();
}

/**
 * The same where there is no response object: for CONNECT, upgrades and invalid requests. The reason stands in the first
 * line too, as many clients show nothing else of a response to CONNECT.
 */
export function sendRawError(socket: Socket, error: ProxyError, sandbox: string): void {
  const body = bodyOf(error, sandbox);
  const phrase = printable(`${STATUS_CODES[error.status]}: ${error.message}`, 300);
  endAndDrain(socket, rawHead(error.status, phrase, fields(error, body)) + body);
}

export function rawHead(status: number, phrase: string, pairs: readonly string[]): string {
  const lines = [`HTTP/1.1 ${status} ${phrase}`];
  for (let index = 0; index < pairs.length; index += 2) lines.push(`${pairs[index]}: ${pairs[index + 1]}`);
  return `${lines.join("\r\n")}\r\n\r\n`;
}

function endAndDrain(socket: Socket, last: string): void {
  const timer = setTimeout(() => socket.destroy(), lingerMs);
  socket.once("close", () => clearTimeout(timer));
  socket.end(last, "latin1");
  socket.resume();
}
