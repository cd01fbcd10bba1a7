import type { ApiResponse } from "../http/api-request";

/** A failure injected into matching requests, after authentication and before the rate limit. */
export interface Fault {
  /** A request matches when it meets every given condition. */
  method?: string;
  /** An exact path, `/v1/containers`, or a prefix, `/v1/containers/*`. */
  path?: string;
  /** A substring of the query string. */
  query?: string;
  /** The number of matching requests to leave alone first. Default: 0. */
  skip?: number;
  /** The number of matching requests to fail after that. Default: 1. */
  times?: number;
  /**
   * Whether the API processes the request before it fails. Default: the request has no effect and does not count against
   * the rate limit. With a delay or a patch the request is always processed: with a delay before the wait, or else after
   * it.
   */
  afterWork?: boolean;
  /**
   * What the client receives:
   * - `cut`: a connection reset, no response
   * - `truncated`: the status, the headers and half of the regular response, then a connection reset
   * - `hang`: no response until the emulator stops or the client disconnects
   * - another response: a body that is an object is sent as JSON, a string as it is (`text/html` if it starts with `<`)
   * - the regular response after a delay, in real time
   * - the regular response with a JSON merge patch (RFC 7396) applied to each container in it, where `null` removes a
   *   field: a service that ignores a field or does not report it. The request is processed in any case
   */
  answer: "cut" | "truncated" | "hang" | ApiResponse | { delayMs: number } | { patch: Record<string, unknown> };
}
