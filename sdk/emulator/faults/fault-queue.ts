import { z } from "zod";
import type { ApiRequest } from "../http/api-request";
import type { Fault } from "./fault";

const wholeNumber = z.int().min(0);
const longestTimer = 2 ** 31 - 1; // milliseconds: Node runs a longer timer at once

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

/** Faults that still have requests to fail, in the order in which they were added. */
export class FaultQueue {
  private pending: { fault: Fault; skip: number; times: number }[] = [];

  add(fault: Fault): void {
    this.pending.push({ fault, skip: fault.skip ?? 0, times: fault.times ?? 1 });
  }

  clear(): void {
    this.pending = [];
  }

  /** The fault for this request: the first added of those that match and have nothing left to skip. */
  take(request: ApiRequest): Fault | undefined {
    const matching = this.pending.filter(({ fault, times }) => times > 0 && matches(fault, request));
    const due = matching.find(({ skip }) => skip === 0);
    for (const pending of matching) pending.skip = Math.max(0, pending.skip - 1);
    if (due) due.times -= 1;
    return due?.fault;
  }
}

function matches({ method, path, query }: Fault, request: ApiRequest): boolean {
  const pathMatches = path?.endsWith("*")
    ? request.path.startsWith(path.slice(0, -1))
    : path === undefined || path === request.path;
  return (
    pathMatches &&
    (method === undefined || method === request.method) &&
    (query === undefined || request.query.includes(query))
  );
}
