import type { Answer } from "./call";

/** Something that goes wrong with chosen requests. It comes after authentication and before the rate limit. */
export interface Fault {
  /** Which requests: all conditions given must hold. */
  method?: string;
  /** Exact, `/v1/containers`, or what it begins with, `/v1/containers/*`. */
  path?: string;
  /** A part of what follows the question mark. */
  query?: string;
  /** How many such requests to leave alone first. Default: 0. */
  skip?: number;
  /** How many to hit then. Default: 1. */
  times?: number;
  /**
   * Whether the API does the request's work before it goes wrong. Default: nothing is done, and nothing counts for the
   * rate limit. With a delay the work is done in any case: before it, or else after it; with a patch as well.
   */
  afterWork?: boolean;
  /**
   * What the client gets:
   * - `cut`: the connection is reset, nothing is sent
   * - `truncated`: status, headers and half of the right answer, then a reset
   * - `hang`: no answer until the emulator stops or the client goes
   * - another answer: a body that is an object goes as JSON, text as it is (`text/html` if it begins with `<`)
   * - the right answer, later, in real time
   * - the right answer, with a JSON merge patch (RFC 7396) applied to each container in it: `null` leaves a field out.
   *   That is a service which ignores a field, or does not report it; the work is done in any case
   */
  answer: "cut" | "truncated" | "hang" | Answer | { delayMs: number } | { patch: Record<string, unknown> };
}
