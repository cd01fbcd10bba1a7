/** How long things may take with the API, in ms. */
export interface Timing {
  /** In which the API counts requests. */
  minute: number;
  /** An answer, from the moment its request is sent; of a create on top of the next. */
  answer: number;
  /** Each MB that a create uploads. */
  upload: number;
  /** A request of a diff's liveness check, repetitions included: a diff goes on without it. */
  look: number;
  /** Between reports of progress while a request waits for its answer. */
  silence: number;
  /** The refusals of a limit, for one request. */
  limit: number;
  /** The pauses before a request that may be sent twice is sent again. */
  repeats: readonly number[];
  /** The pauses before each look for what a create made whose answer was lost, as lists lag. */
  looks: readonly number[];
}

export const usualTiming: Timing = {
  minute: 60_000,
  answer: 60_000,
  // 2.5 Mbit/s: the largest skill, 70 MB, then has 285 s in all, and Node's fetch gives up after 300 s in any case.
  upload: 3_200,
  look: 20_000,
  silence: 2_000,
  limit: 300_000,
  repeats: [500, 1_000, 2_000, 4_000],
  looks: [0, 1_000, 2_000, 3_000, 4_000],
};
