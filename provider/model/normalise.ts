import { containerSchema } from "./container";
import { type Problem, problemsOf } from "./problems";
import { holdsUnknown, leadsToUnknown } from "./unknowns";

const properties = Object.keys(containerSchema.shape);

/**
 * Turns what a program wrote into what is recorded and compared, or says all that is wrong with it. Equal meaning
 * comes out equal, and doing it twice changes nothing. In a preview, a property that holds an unknown stays as it was
 * written.
 */
export function normalise(
  written: Record<string, unknown>,
): { value: Record<string, unknown> } | { problems: Problem[] } {
  const result = containerSchema.safeParse(written);
  if (result.success) return { value: result.data };

  const issues = result.error.issues.filter((issue) => !leadsToUnknown(written, issue.path));
  if (issues.length > 0) return { problems: problemsOf(issues, written, properties) };

  const entries = Object.entries(written);
  const known = Object.fromEntries(entries.filter(([, value]) => !holdsUnknown(value)));
  const unknown = Object.fromEntries(entries.filter(([, value]) => holdsUnknown(value)));
  return { value: { ...containerSchema.partial().parse(known), ...unknown } };
}
