/** The time limits and delays of requests to the API, in ms. */
export interface Timeouts {
  /** The window in which the API counts requests. */
  rateWindowMs: number;
  /** For the response to one request, from when it is sent; a create has `uploadMsPerMb` on top. */
  responseMs: number;
  /** For each MB that a create uploads. */
  uploadMsPerMb: number;
  /** For a request of a diff's liveness check, retries included: a diff goes on without it. */
  livenessMs: number;
  /** Between reports of progress while a request waits for its response. */
  progressEveryMs: number;
  /** For how long one request is retried while the rate limit rejects it. */
  rateLimitedMs: number;
  /** The delays before a request that may be repeated is sent again. */
  retryDelaysMs: readonly number[];
  /** The delays before each search for the container of a create whose response was lost, as lists lag. */
  findDelaysMs: readonly number[];
}

export const defaultTimeouts: Timeouts = {
  rateWindowMs: 60_000,
  responseMs: 60_000,
  // 2.5 Mbit/s: the largest skill, 70 MB, then has 285 s in all, and Node's fetch gives up after 300 s in any case.
  uploadMsPerMb: 3_200,
  livenessMs: 20_000,
  progressEveryMs: 2_000,
  rateLimitedMs: 300_000,
  retryDelaysMs: [500, 1_000, 2_000, 4_000],
  findDelaysMs: [0, 1_000, 2_000, 3_000, 4_000],
};
