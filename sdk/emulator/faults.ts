import { z } from "zod";
import type { Call } from "./call";
import type { Fault } from "./fault";

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
