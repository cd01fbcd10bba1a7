import type { IncomingMessage } from "node:http";
import { longestRebuiltHead } from "../checks/limits";
import { printable } from "../checks/printable";
import { ProxyError } from "../checks/proxy-error";
import { connectionOptions } from "../checks/request-head";
import { policyHeader } from "../inbound/error-responses";
import type { Fields, ResponseHead } from "../outbound/response-head";

/** Hop-by-hop headers (RFC 9110, section 7.6.1), and those that this gateway writes itself. */
const hopByHop = new Set([
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
 * A request's fields for the upstream, each value changed by `inject`. Framing and host are written anew from the parsed
 * request. `search` is set if the response is searched for secrets, and `whole` if it must not be partial.
 */
export function requestFields(
  request: IncomingMessage,
  host: string,
  inject: (name: string, value: string) => string,
  search: { whole: boolean } | undefined,
): Fields {
  const fields: Fields = search ? ["Host", host, "Accept-Encoding", "identity"] : ["Host", host];
  let size = 0;
  forEachEndToEnd(request.rawHeaders, (name, value, lower) => {
    if (lower === "host" || (search && lower === "accept-encoding") || (search?.whole && isRange(lower))) return;
    const injected = inject(name, value);
    if (breaksLine.test(injected))
      throw new ProxyError("OC6012", `the request has an invalid header: ${printable(name)} with a control character`);
    size += name.length + injected.length;
    fields.push(name, injected);
  });
  if (size > longestRebuiltHead)
    throw new ProxyError("OC6026", "the request head is too large once its secrets are injected");
  return [...fields, ...framing(request)];
}

/**
 * A client that chooses the parts could have a secret in two of them. A server may ignore `Range` (RFC 9110, section
 * 14.2), so clients accept a whole response. Stores have names of their own for it: `x-ms-range`, `request-range`.
 */
function isRange(name: string): boolean {
  return /(^|-)range$/.test(name) && name !== "content-range";
}

/** Node's parser has checked the received values, and SecretInjector those with secrets: a mistake there would matter here. */
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

/** A response's fields for the sandbox, names and values changed by `mask`. */
export function responseFields(
  { status, fields, length }: ResponseHead,
  mask: ((texts: Fields) => Fields) | undefined,
): Fields {
  const passed: Fields = [];
  forEachEndToEnd(fields, (name, value, lower) => {
    if (!removedFromResponses.has(lower)) passed.push(name, value);
  });
  const kept = mask ? mask(passed) : passed;
  // RFC 9110, section 8.6: none of these has one.
  if (length !== undefined && status >= 200 && status !== 204) kept.push("Content-Length", String(length));
  return kept;
}

/** `Alt-Svc` would send clients past this gateway, to where nothing responds; the policy header marks its own denials. */
const removedFromResponses = new Set(["alt-svc", policyHeader.toLowerCase()]);

type OnField = (name: string, value: string, lower: string) => void;

function forEachEndToEnd(fields: readonly string[], onField: OnField): void {
  const named = new Set<string>();
  for (let index = 0; index < fields.length; index += 2) {
    if (fields[index]?.toLowerCase() !== "connection") continue;
    for (const option of connectionOptions(fields[index + 1] ?? "")) named.add(option);
  }
  for (let index = 0; index < fields.length; index += 2) {
    const name = fields[index] ?? "";
    const lower = name.toLowerCase();
    if (!hopByHop.has(lower) && !lower.startsWith("proxy-") && !named.has(lower))
      onField(name, fields[index + 1] ?? "", lower);
  }
}
