import { z } from "zod";
import type { Answer, Call } from "./call";

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
   * - `hang`: no answer until the double stops or the client goes
   * - another answer: a body that is an object goes as JSON, text as it is (`text/html` if it begins with `<`)
   * - the right answer, later, in real time
   * - the right answer, with a JSON merge patch (RFC 7396) applied to each container in it: `null` leaves a field out.
   *   That is a service which ignores a field, or does not report it; the work is done in any case
   */
  answer: "cut" | "truncated" | "hang" | Answer | { delayMs: number } | { patch: Record<string, unknown> };
}

const wholeNumber = z.int().min(0);
const longestTimer = 2 ** 31 - 1; // milliseconds: Node takes more for none at all

export const faultSchema: z.ZodType<Fault> = z.strictObject({
  method: z.string().exactOptional(),
  path: z.string().exactOptional(),
  query: z.string().exactOptional(),
  skip: wholeNumber.exactOptional(),
  times: wholeNumber.exactOptional(),
  afterWork: z.boolean().exactOptional(),
  answer: z.union(
    [
      z.enum(["cut", "truncated", "hang"]),
      z.strictObject({
        status: z.int().min(200).max(599),
        headers: z.record(z.string(), z.string()).exactOptional(),
        body: z.unknown().exactOptional(),
      }),
      z.strictObject({ delayMs: z.number().min(0).max(longestTimer) }),
      z.strictObject({ patch: z.record(z.string(), z.unknown()) }),
    ],
    { error: 'Expected "cut", "truncated", "hang", {"status", "headers", "body"}, {"delayMs"} or {"patch"}' },
  ),
});

/** The faults that are waiting for their requests. */
export class Faults {
  private waiting: { fault: Fault; skip: number; times: number }[] = [];

  add(fault: Fault): void {
    this.waiting.push({ fault, skip: fault.skip ?? 0, times: fault.times ?? 1 });
  }

  clear(): void {
    this.waiting = [];
  }

  /** The fault that hits this request: of several that are due, the one that was given first. */
  take(call: Call): Fault | undefined {
    const matching = this.waiting.filter(({ fault, times }) => times > 0 && matches(fault, call));
    const due = matching.find(({ skip }) => skip === 0);
    for (const waiting of matching) waiting.skip = Math.max(0, waiting.skip - 1);
    if (due) due.times -= 1;
    return due?.fault;
  }
}

function matches({ method, path, query }: Fault, call: Call): boolean {
  const samePath = path?.endsWith("*")
    ? call.path.startsWith(path.slice(0, -1))
    : path === undefined || path === call.path;
  return (
    samePath && (method === undefined || method === call.method) && (query === undefined || call.query.includes(query))
  );
}
