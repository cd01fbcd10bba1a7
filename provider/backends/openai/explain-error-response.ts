import type { Code } from "../../codes";
import { escaped, quoted } from "../../model/quoted";
import { type BackendError, UnreachableError } from "../backend";
import type { ApiEndpoint } from "./api-endpoint";
import { ApiError, type ErrorResponse, isInconclusive, isRateLimited, LostResponseError } from "./api-error";
import { redact } from "./redact";
import { propertyOf } from "./wire";

type Explanation = [code: Code, what: string, advice: string];

/** An error response in the API's words and by the argument's name, and what to do about it. */
export function explainErrorResponse(response: ErrorResponse, endpoint: ApiEndpoint): BackendError {
  const [code, what, advice] = explanation(response, endpoint);
  const message = withFacts(what, response, endpoint);
  if (isInconclusive(response)) return new LostResponseError(code, message, advice);
  return isRateLimited(response)
    ? new UnreachableError(code, message, advice)
    : new ApiError(code, response, message, advice);
}

/** `… (HTTP 404, not_found, request req_…): the API's words` */
export function withFacts(what: string, response: ErrorResponse, { secrets }: ApiEndpoint): string {
  const { status, code, requestId, message } = response;
  const facts = [`HTTP ${status}`, code, requestId && `request ${requestId}`].filter(Boolean).join(", ");
  const words = message && redact(message, secrets).replace(/\.$/, "");
  return escaped(`${what} (${facts})${words ? `: ${words}` : ""}`);
}

function explanation(response: ErrorResponse, endpoint: ApiEndpoint): Explanation {
  const { address, addressSource } = endpoint;
  const { status, param, isPage } = response;
  if (isInconclusive(response)) {
    return [
      "OC2110",
      `The API at ${address} failed`,
      "Run the same command again; known outages are at https://status.openai.com",
    ];
  }
  if (isPage) return unexpectedServer(endpoint, "a web page");
  if (status === 404 && isAboutContent(response)) {
    return [
      "OC2143",
      "The API did not find a file or a skill of the container",
      `Correct its id in fileIds or skills, or correct ${endpoint.accountSources}`,
    ];
  }
  if (status === 404 && !param) {
    return ["OC2113", `Not found at ${address}`, `Correct ${addressSource}, which usually ends in /v1`];
  }
  if (status === 429 && !isRateLimited(response))
    return ["OC2117", "The account's quota is used up", "Check its plan and billing"];
  const known = byStatus(endpoint)[status];
  return known && !param ? known : rejection(response, endpoint);
}

/** The rejection of an argument. */
function rejection({ code, param }: ErrorResponse, { valueAt }: ApiEndpoint): Explanation {
  const property = param && propertyOf(param);
  const value = param && valueAt?.(param);
  return [
    "OC2118",
    `The API rejected ${property ?? "the request"}${value ? ` ${quoted(value)}` : ""}`,
    adviceByCode[code ?? ""] ?? `Correct ${property ?? "the argument that the API names"}`,
  ];
}

/** Whether it speaks of a file or a skill, and does not say which argument has it. */
function isAboutContent({ message = "", param = "" }: ErrorResponse): boolean {
  return /\b(file|skill)\b/i.test(message) && !/^(file_ids|skills)\b/.test(param);
}

/** A response that is not the API's, whatever its status. */
export function unexpectedServer({ address, addressSource }: ApiEndpoint, sent: string): Explanation {
  return [
    "OC2109",
    `The server at ${address} is not the Containers API: it sent ${sent}`,
    `Correct ${addressSource}, or sign in to the network if that is its login page`,
  ];
}

function byStatus({ keySource, accountSources, rateLimitSource }: ApiEndpoint): Record<number, Explanation> {
  return {
    401: ["OC2111", `The API rejected the key from ${keySource}`, "Set it to a valid key of the intended account"],
    403: [
      "OC2112",
      `The key from ${keySource} lacks permission for this request`,
      `Give the key permission to manage containers, or correct ${accountSources}`,
    ],
    409: ["OC2114", "The request conflicts with another one", "Run the same command again"],
    413: [
      "OC2115",
      "The request is too large for the API",
      "Make the inline skills smaller, or upload them and refer to them by id",
    ],
    429: [
      "OC2116",
      "The API's rate limit was exceeded, and retries did not help",
      `Run the same command later, or set ${rateLimitSource} to the share that others of the organization leave`,
    ],
  };
}

const adviceByCode: Record<string, string> = {
  integer_above_max_value: "Set a lower number; the hosted API is known to accept at most 20 for expiresAfter.minutes",
};
