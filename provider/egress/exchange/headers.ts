import type { IncomingMessage } from "node:http";
import { longestRebuiltHead } from "../checks/limits";
import { printable } from "../checks/printable";
import { malformed, ProxyError } from "../checks/proxy-error";
import { connectionOptions } from "../checks/request-checks";
import type { Fields, ResponseHead } from "../outbound/response-head";
import { policyMark } from "./error-responses";

/** What concerns one connection only (RFC 9110, section 7.6.1), and what this gateway writes itself. */
const ofOneHop = new Set([
  "connection",
  "content-length",
  "http2-settings",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/**
 * A request's fields for the upstream, each value as `fill` changes it. Framing and host are written anew from what was
 * understood. `search` tells that the answer is searched for secrets, and whether it has to be whole for that.
 */
export function requestFields(
  request: IncomingMessage,
  host: string,
  fill: (name: string, value: string) => string,
  search: { whole: boolean } | undefined,
): Fields {
  const fields: Fields = search ? ["Host", host, "Accept-Encoding", "identity"] : ["Host", host];
  let size = 0;
  endToEnd(request.rawHeaders, (name, value, lower) => {
    if (lower === "host" || (search && lower === "accept-encoding") || (search?.whole && asksForPart(lower))) return;
    const filled = fill(name, value);
    if (breaksLine.test(filled)) throw malformed(`a value of the header ${printable(name)} that no header can carry`);
    size += name.length + filled.length;
    fields.push(name, filled);
  });
  if (size > longestRebuiltHead) throw new ProxyError(431, "with its secrets in place the head is too long");
  return [...fields, ...framing(request)];
}

/**
 * A client that chooses the parts could have a secret in two of them. A server may ignore `Range` (RFC 9110, section
 * 14.2), so clients take a whole answer. Stores know it by names of their own: `x-ms-range`, `request-range`.
 */
function asksForPart(name: string): boolean {
  return /(^|-)range$/.test(name) && name !== "content-range";
}

/** Node's parser has seen to it for what came, and the check of secrets for what they bring: this is where it would matter. */
const breaksLine = /[^\t\x20-\x7e\x80-\xff]/;

function framing({ method, headers }: IncomingMessage): Fields {
  if (headers["transfer-encoding"] !== undefined) return ["Transfer-Encoding", "chunked"];
  if (headers["content-length"] !== undefined) return ["Content-Length", headers["content-length"]];
  // RFC 9110, section 8.6: without it some servers wait for a body.
  return method === "POST" || method === "PUT" || method === "PATCH" ? ["Content-Length", "0"] : [];
}

export function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

/** An answer's fields for the sandbox, names and values as `mask` changes them. */
export function responseFields(
  { status, fields, length }: ResponseHead,
  mask: ((texts: Fields) => Fields) | undefined,
): Fields {
  const own: Fields = [];
  endToEnd(fields, (name, value, lower) => {
    if (!ownOfGateway.has(lower)) own.push(name, value);
  });
  const kept = mask ? mask(own) : own;
  // RFC 9110, section 8.6: none of these has one.
  if (length !== undefined && status >= 200 && status !== 204) kept.push("Content-Length", String(length));
  return kept;
}

/** `Alt-Svc` would send clients past this gateway, to where nothing answers; the mark is of its own denials. */
const ownOfGateway = new Set(["alt-svc", policyMark.toLowerCase()]);

type Take = (name: string, value: string, lower: string) => void;

function endToEnd(fields: readonly string[], take: Take): void {
  const named = new Set<string>();
  for (let index = 0; index < fields.length; index += 2) {
    if (fields[index]?.toLowerCase() !== "connection") continue;
    for (const option of connectionOptions(fields[index + 1] ?? "")) named.add(option);
  }
  for (let index = 0; index < fields.length; index += 2) {
    const name = fields[index] ?? "";
    const lower = name.toLowerCase();
    if (!ofOneHop.has(lower) && !lower.startsWith("proxy-") && !named.has(lower))
      take(name, fields[index + 1] ?? "", lower);
  }
}
