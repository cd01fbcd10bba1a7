import { containerSchema } from "./container";
import { type Problem, problemsOf } from "./problems";
import { settledProperties } from "./schema-walk";
import { holdsUnknown, leadsToUnknown } from "./unknowns";

const properties = Object.keys(containerSchema.shape);
/** For the known part of a container in a preview. */
const knownSchema = containerSchema.partial();

/**
 * Turns the arguments that a program wrote into those that are recorded and compared, or lists all problems with them.
 * Equal meaning gives equal results, and doing it twice changes nothing. In a preview, a property that holds an unknown
 * value stays as it was written.
 * @param recorded the inputs in state, for the order of sets; may hold anything
 */
export function normalise(
  written: Record<string, unknown>,
  recorded: Record<string, unknown> = {},
): { value: Record<string, unknown> } | { problems: Problem[] } {
  const result = containerSchema.safeParse(written);
  const issues = result.error?.issues.filter((issue) => !leadsToUnknown(written, issue.path)) ?? [];
  if (issues.length > 0) return { problems: problemsOf(issues, written, properties) };

  const entries = Object.entries(written);
  const known = Object.fromEntries(entries.filter(([, value]) => !holdsUnknown(value)));
  const unknown = Object.fromEntries(entries.filter(([, value]) => holdsUnknown(value)));
  const container = result.data ?? knownSchema.parse(known);
  return { value: { ...settledProperties(containerSchema, container, recorded), ...unknown } };
}
