import { containerSchema } from "./container";
import type { Observed } from "./record";
import { at } from "./unknowns";

/** The values of a live container that no argument can have, in clauses: `its memoryLimit is "2g"`. */
export function valuesOfNoArgument(observed: Observed): string[] {
  const { networkPolicy: policy } = observed;
  // A service may report that there is an allow list, and not which.
  const isUnlisted = policy?.type === "allowlist" && policy.allowedDomains === undefined;
  return Object.entries(containerSchema.shape).flatMap(([name, schema]) => {
    const value = at(observed, name);
    const isArgument =
      value === undefined || schema.safeParse(value).success || (name === "networkPolicy" && isUnlisted);
    return isArgument ? [] : [`its ${name} is ${JSON.stringify(value)}, which no argument can be`];
  });
}
