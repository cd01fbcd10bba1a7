import { escaped } from "../../model/quoted";
import { UnreachableError } from "../backend";
import type { ApiEndpoint } from "./api-endpoint";
import { LostResponseError } from "./api-error";
import { unexpectedServer } from "./explain-error-response";
import { redact } from "./redact";

/** Codes of a connection that was never established, so that nothing was sent. */
const neverSent = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** Why no response came, and what to do about it. */
export function explainConnectionError(
  error: unknown,
  { address, addressSource, secrets }: ApiEndpoint,
): UnreachableError {
  const code = errorCodeOf(error);
  if (/CERT|SIGNATURE/.test(code)) {
    return new UnreachableError(
      "OC2106",
      `The TLS certificate of the API at ${address} is not trusted: ${code}`,
      "If a proxy of yours terminates TLS, set NODE_EXTRA_CA_CERTS to the file of its CA certificate",
      { cause: error },
    );
  }
  if (neverSent.has(code)) {
    return new UnreachableError(
      "OC2105",
      `Cannot connect to the API at ${address}: ${code}`,
      `Check the network connection, or correct ${addressSource}`,
      { cause: error },
    );
  }
  return new LostResponseError(
    "OC2107",
    `The response from the API at ${address} was lost: ${code || escaped(redact(reasonOf(error), secrets))}`,
    "Run the same command again",
    { cause: error },
  );
}

/** A response that claims success and is not the API's. */
export function explainUnexpectedResponse(body: unknown, endpoint: ApiEndpoint): LostResponseError {
  const isPage = typeof body === "string" && /^\s*</.test(body);
  return new LostResponseError(...unexpectedServer(endpoint, isPage ? "a web page" : "an unexpected response"));
}

/** Node's code of the failure; the client and fetch wrap it, once each. */
export function errorCodeOf(error: unknown): string {
  for (const cause of causes(error)) {
    if ("code" in cause && typeof cause.code === "string") return cause.code;
  }
  return "";
}

/** Whether the client gave up waiting. */
export function isTimeout(error: unknown): boolean {
  const deepest = causes(error).at(-1);
  return deepest?.name === "AbortError" || /^Request timed out/.test(deepest?.message ?? "");
}

function reasonOf(error: unknown): string {
  if (isTimeout(error)) return "the request timed out";
  const deepest = causes(error).at(-1);
  return (deepest?.message ?? String(error)).replace(/\.$/, "");
}

function causes(error: unknown): Error[] {
  return error instanceof Error ? [error, ...causes(error.cause)] : [];
}
