import { z } from "zod";
import type { Code } from "../../codes";
import { escaped } from "../../model/quoted";
import { BackendError, UnreachableError } from "../backend";

/** An error response of the API. */
export interface ErrorResponse {
  status: number;
  message: string | undefined;
  code: string | undefined;
  param: string | undefined;
  requestId: string | undefined;
  /** Seconds after which the API wants the request to be sent again. */
  retryAfter: number | undefined;
  /** The project that the key belongs to. */
  project: string | undefined;
  /** Whether it came as a web page, which the API never sends. */
  isPage: boolean;
}

/** The API rejected a request. */
export class ApiError extends BackendError {
  constructor(
    code: Code,
    readonly response: ErrorResponse,
    what: string,
    advice: string,
  ) {
    super(code, what, advice);
  }
}

/** It is unknown whether a request was executed: its response was lost, is unreadable, or reports an internal failure. */
export class LostResponseError extends UnreachableError {}

const text = z.string().min(1).optional().catch(undefined);
const name = text.transform((value) => value && escaped(value));
const clientError = z.object({
  status: z.number(),
  error: z.object({ message: text, code: name, param: name }).optional().catch(undefined),
  requestID: name,
  headers: z.instanceof(Headers),
});

/** The response in the official client's error, if it has one. */
export function errorResponseOf(error: unknown): ErrorResponse | undefined {
  const { data } = clientError.safeParse(error);
  if (!data) return undefined;
  const { status, error: body, requestID: requestId, headers } = data;
  const seconds = Number.parseFloat(headers.get("retry-after") ?? "");
  return {
    status,
    message: body?.message,
    code: body?.code,
    param: body?.param,
    requestId,
    retryAfter: seconds >= 0 ? seconds : undefined,
    project: projectOf(headers),
    isPage: headers.get("content-type")?.startsWith("text/html") ?? false,
  };
}

/** The API names the project in each response; other services that speak it may not. */
export function projectOf(headers: Headers): string | undefined {
  return headers.get("openai-project") ?? undefined;
}

/** A container that does not exist: a 404 in the API's words about it, not that of a proxy or for a wrong address. */
export function isNotFound({ status, message }: ErrorResponse): boolean {
  return status === 404 && message !== undefined && !message.startsWith("Invalid URL");
}

/** Using an expired container is a 400 with these words, and no code to recognize it by. */
export function isExpired({ status, message }: ErrorResponse): boolean {
  return status === 400 && /\bcontainer is expired\b/i.test(message ?? "");
}

/** Whether the rate limit was exceeded, which waiting helps against; not so a quota, which has the same status. */
export function isRateLimited({ status, code }: ErrorResponse): boolean {
  return status === 429 && code !== "insufficient_quota" && code !== "billing_hard_limit_reached";
}

/** Whether the status leaves open if the request was executed: a gateway's, or that of an internal failure. */
export function isInconclusive({ status }: ErrorResponse): boolean {
  return status >= 500 || status === 408;
}

/** For how many seconds to pause before the same request is sent again; undefined if a retry is no use. */
export function retryDelayOf(response: ErrorResponse, retriesBefore: number): number | undefined {
  if (!isRateLimited(response)) return undefined;
  return response.retryAfter ?? Math.min(2 ** retriesBefore, 60);
}
