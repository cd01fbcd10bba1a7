import { Output } from "@pulumi/pulumi";
import { z } from "zod";

type Later = "an Output" | "a Promise";

export function isLater(value: unknown): boolean {
  return laterKind(value) !== undefined;
}

/** What a value is that is known only while Pulumi runs. */
function laterKind(value: unknown): Later | undefined {
  if (Output.isInstance(value)) return "an Output";
  return value instanceof Promise ? "a Promise" : undefined;
}

/** A value as the schema has it, or an Output or Promise, of which nothing is known yet. */
export function orLater(schema: z.ZodType): z.ZodType<unknown> {
  return z.unknown().superRefine((value, { addIssue }) => {
    if (isLater(value)) return;
    for (const issue of schema.safeParse(value).error?.issues ?? []) addIssue({ ...issue });
  });
}

/** A value as the schema has it, without an Output or Promise anywhere in it. */
export function plain<T>(schema: z.ZodType<T>): z.ZodType<T> {
  return z
    .unknown()
    .superRefine((value, { addIssue }) => {
      for (const [path, got] of latersIn(value, [])) {
        addIssue({ code: "custom", path, params: { got }, message: "a plain value: Outputs are not accepted here" });
      }
    })
    .pipe(schema);
}

function* latersIn(value: unknown, path: PropertyKey[]): Generator<[path: PropertyKey[], kind: Later]> {
  const kind = laterKind(value);
  if (kind) yield [path, kind];
  else if (Array.isArray(value))
    for (const [index, member] of value.entries()) yield* latersIn(member, [...path, index]);
  else if (typeof value === "object" && value !== null) {
    for (const [key, member] of Object.entries(value)) yield* latersIn(member, [...path, key]);
  }
}
