import { z } from "zod";

/** The parts of a step that are read, in both forms of `pulumi preview --json`. */

/** Not z.record, which copies it: that takes as long as parsing. */
const map = z.custom<Record<string, unknown>>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  "expected an object",
);

const state = z.object({
  type: z.string(),
  id: z.string().optional(),
  provider: z.string().optional(),
  inputs: map.optional(),
  outputs: map.nullish(),
  protect: z.boolean().optional(),
  retainOnDelete: z.boolean().optional(),
});
export type StepState = z.output<typeof state>;

const paths = map.nullish();
const reasons = z.array(z.string()).nullish();

/** An element of `steps`. */
const step = z.object({
  op: z.string(),
  urn: z.string(),
  oldState: state.nullish(),
  newState: state.nullish(),
  replaceReasons: reasons,
  detailedDiff: paths,
});
export type Step = z.output<typeof step>;

export const stepSchema = step;

/** The `metadata` of an engine event. */
export const stepMetadata = z
  .object({
    op: z.string(),
    urn: z.string(),
    old: state.nullish(),
    new: state.nullish(),
    keys: reasons,
    detailedDiff: paths,
  })
  .transform(
    ({ old, new: after, keys, ...rest }): Step => ({ ...rest, oldState: old, newState: after, replaceReasons: keys }),
  );

export const diagnosticSchema = z.object({
  urn: z.string().optional(),
  message: z.string(),
  severity: z.string(),
});
export type Diagnostic = z.output<typeof diagnosticSchema>;

export const summarySchema = z.record(z.string(), z.number()).nullish();
export const configSchema = map.nullish();
