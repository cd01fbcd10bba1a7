import { type BackendError, UnreachableError } from "../backend";
import type { ApiEndpoint } from "./api-endpoint";
import { ApiError, isNotFound, LostResponseError } from "./api-error";
import { isTimeout } from "./explain-connection-error";
import { withFacts } from "./explain-error-response";

/**
 * Why the API does not send a file or a skill, by its id. Any other failure stays as it is.
 * @param what `file file-1`
 */
export function explainUnavailable(what: string, error: ApiError, endpoint: ApiEndpoint): BackendError {
  const { response } = error;
  if (isNotFound(response)) {
    const message = withFacts(`The account has no ${what}`, response, endpoint);
    return new ApiError(
      "OC2137",
      response,
      message,
      `Correct the id, or the key, organization or project (${endpoint.keySource}, ${endpoint.accountSources})`,
    );
  }
  if (response.status === 403) {
    const message = withFacts(`The key from ${endpoint.keySource} may not read ${what}`, response, endpoint);
    return new ApiError("OC2138", response, message, "Give the key permission to read it, or use another key");
  }
  if (response.status === 400) {
    const message = withFacts(`The API does not allow downloading ${what}`, response, endpoint);
    const advice = /\bpurpose\b/.test(response.message ?? "")
      ? "Put the data into an inline skill, or use the hosted backend, for which nothing is downloaded"
      : "Correct the id";
    return new ApiError("OC2139", response, message, advice);
  }
  return error;
}

/**
 * Why no response came to any request for a file or a skill.
 * @param waitedMs for all of them
 */
export function explainLost(
  what: string,
  lost: LostResponseError,
  waitedMs: number,
  { address, addressSource }: ApiEndpoint,
): UnreachableError {
  if (!isTimeout(lost.cause))
    return new LostResponseError(lost.code, `${lost.what} (while downloading ${what})`, lost.advice, { cause: lost });
  return new UnreachableError(
    "OC2108",
    `The API at ${address} did not respond within ${Math.round(waitedMs / 1000)} s to requests for ${what}`,
    `Run the same command again, or correct ${addressSource}`,
    { cause: lost },
  );
}
