import type { IncomingMessage } from "node:http";
import { mostHeaders } from "./limits";
import { printable } from "./printable";
import { malformed, ProxyError } from "./proxy-error";

/**
 * What Node's parser, which is strict already, lets through and this gateway does not: whatever another implementation
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
const ofOneHop = new Set(["keep-alive", "proxy-connection", "te", "trailer", "upgrade"]);

/** Judges a head, whatever it asks for. @throws Refused */
export function judgeHead(request: IncomingMessage): void {
  const { method, httpVersion, rawHeaders } = request;
  if (httpVersion !== "1.1" && httpVersion !== "1.0") throw new ProxyError(505, "only HTTP/1.1 and HTTP/1.0 pass");
  if (method === "TRACE") throw new ProxyError(405, "TRACE is refused: it would show the secrets in a request");
  if (rawHeaders.length / 2 > mostHeaders) throw new ProxyError(431, `more than ${mostHeaders} header fields`);

  const times = { host: 0, "content-length": 0, "transfer-encoding": 0 };
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? "").toLowerCase();
    if (name === "host" || name === "content-length" || name === "transfer-encoding") times[name]++;
    judgeField(name, rawHeaders[index + 1] ?? "", httpVersion);
  }
  judgeTimes(times.host, times["content-length"] + times["transfer-encoding"], request);
}

function judgeTimes(hosts: number, lengths: number, { method, httpVersion }: IncomingMessage): void {
  // Clients that speak HTTP/1.0 to a proxy leave Host out of CONNECT.
  const least = method === "CONNECT" && httpVersion === "1.0" ? 0 : 1;
  if (hosts > 1 || hosts < least) throw malformed(`${hosts} Host headers instead of one`);
  if (lengths > 1) throw malformed("more than one length of the body");
  if (lengths > 0 && method === "CONNECT") throw malformed("CONNECT with a body");
}

function judgeField(name: string, value: string, httpVersion: string): void {
  judgeSpelling(name);
  if (/[\0\r\n]/.test(value)) throw malformed("a header value with CR, LF or NUL");
  switch (name) {
    case "content-length":
      if (!/^\d{1,15}$/.test(value)) throw malformed("a Content-Length that is no number");
      break;
    case "transfer-encoding":
      judgeCoding(value, httpVersion);
      break;
    case "connection":
      judgeConnection(value);
      break;
    case "expect":
      if (value.toLowerCase() !== "100-continue" || httpVersion === "1.0")
        throw new ProxyError(417, "an unknown expectation");
      break;
  }
}

/** Servers that hand headers on as variables take `content_length` for `content-length` (RFC 3875, section 4.1.18). */
function judgeSpelling(name: string): void {
  if (name.includes("_") && guarded.has(name.replaceAll("_", "-"))) {
    throw malformed(`the header ${printable(name)}, which some servers take for ${name.replaceAll("_", "-")}`);
  }
}

function judgeCoding(value: string, httpVersion: string): void {
  if (httpVersion !== "1.1") throw malformed("Transfer-Encoding in HTTP/1.0"); // RFC 9112, section 6.1
  if (value.toLowerCase() !== "chunked") throw malformed("a Transfer-Encoding other than chunked");
}

/** To name an end-to-end header here asks each proxy on the way to strip it (RFC 9110, section 7.6.1). */
function judgeConnection(value: string): void {
  for (const option of connectionOptions(value)) {
    const name = option.replaceAll("_", "-");
    if (guarded.has(name) && !ofOneHop.has(name)) {
      throw malformed(`a Connection header that names ${printable(option)}`);
    }
  }
}

export function connectionOptions(value: string): string[] {
  return value.split(",").map((option) => option.trim().toLowerCase());
}
