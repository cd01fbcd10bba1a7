import type { IncomingMessage } from "node:http";
import { mostHeaders } from "./limits";
import { printable } from "./printable";
import { ProxyError } from "./proxy-error";

/**
 * Against request smuggling: rejects what Node's parser, which is strict already, accepts and another implementation
 * might read differently.
 */

/** What frames, routes or authenticates a request. */
const guarded = new Set([
  "authorization",
  "connection",
  "content-encoding",
  "content-length",
  "content-type",
  "cookie",
  "expect",
  "forwarded",
  "host",
  "keep-alive",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
]);

/** What `Connection` may name although it is guarded: it concerns one hop, and is removed here. */
const hopByHop = new Set(["keep-alive", "proxy-connection", "te", "trailer", "upgrade"]);

/** Validates a head, regardless of its target. @throws ProxyError */
export function validateHead(request: IncomingMessage): void {
  const { method, httpVersion, rawHeaders } = request;
  if (httpVersion !== "1.1" && httpVersion !== "1.0")
    throw new ProxyError("OC6015", `HTTP/${httpVersion} is not supported, only HTTP/1.1 and HTTP/1.0`);
  if (method === "TRACE")
    throw new ProxyError("OC6007", "the method TRACE is not allowed: its response would show the request's secrets");
  if (rawHeaders.length / 2 > mostHeaders)
    throw new ProxyError("OC6017", `the request has more than ${mostHeaders} header fields`);

  const times = { host: 0, "content-length": 0, "transfer-encoding": 0 };
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? "").toLowerCase();
    if (name === "host" || name === "content-length" || name === "transfer-encoding") times[name]++;
    validateField(name, rawHeaders[index + 1] ?? "", httpVersion);
  }
  validateCounts(times.host, times["content-length"] + times["transfer-encoding"], request);
}

function validateCounts(hosts: number, lengths: number, { method, httpVersion }: IncomingMessage): void {
  // Clients that speak HTTP/1.0 to a proxy leave Host out of CONNECT.
  const least = method === "CONNECT" && httpVersion === "1.0" ? 0 : 1;
  if (hosts > 1 || hosts < least)
    throw new ProxyError("OC6013", `the request has ${hosts} Host headers instead of one`);
  if (lengths > 1) throw ambiguousLength("more than one length");
  if (lengths > 0 && method === "CONNECT") throw ambiguousLength("CONNECT with a body");
}

function validateField(name: string, value: string, httpVersion: string): void {
  validateSpelling(name);
  if (/[\0\r\n]/.test(value)) throw invalidHeader("a value with CR, LF or NUL");
  switch (name) {
    case "content-length":
      if (!/^\d{1,15}$/.test(value)) throw ambiguousLength("Content-Length is not a number");
      break;
    case "transfer-encoding":
      validateTransferEncoding(value, httpVersion);
      break;
    case "connection":
      validateConnection(value);
      break;
    case "expect":
      if (value.toLowerCase() !== "100-continue" || httpVersion === "1.0")
        throw new ProxyError("OC6016", "the request's expectation is not supported");
      break;
  }
}

/** Servers that hand headers on as variables take `content_length` for `content-length` (RFC 3875, section 4.1.18). */
function validateSpelling(name: string): void {
  if (name.includes("_") && guarded.has(name.replaceAll("_", "-"))) {
    throw invalidHeader(`${printable(name)}, which some servers read as ${name.replaceAll("_", "-")}`);
  }
}

function validateTransferEncoding(value: string, httpVersion: string): void {
  if (httpVersion !== "1.1") throw ambiguousLength("Transfer-Encoding in HTTP/1.0"); // RFC 9112, section 6.1
  if (value.toLowerCase() !== "chunked") throw ambiguousLength("a Transfer-Encoding other than chunked");
}

/** To name an end-to-end header here asks each proxy on the way to strip it (RFC 9110, section 7.6.1). */
function validateConnection(value: string): void {
  for (const option of connectionOptions(value)) {
    const name = option.replaceAll("_", "-");
    if (guarded.has(name) && !hopByHop.has(name)) {
      throw invalidHeader(`Connection names ${printable(option)}`);
    }
  }
}

export function connectionOptions(value: string): string[] {
  if (!value.includes(",")) return [value.trim().toLowerCase()];
  return value.split(",").map((option) => option.trim().toLowerCase());
}

function ambiguousLength(why: string): ProxyError {
  return new ProxyError("OC6011", `the length of the request's body is ambiguous: ${why}`);
}

function invalidHeader(what: string): ProxyError {
  return new ProxyError("OC6012", `the request has an invalid header: ${what}`);
}
