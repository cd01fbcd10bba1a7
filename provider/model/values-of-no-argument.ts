import { containerSchema } from "./container";
import type { Observed } from "./record";
import { at } from "./unknowns";

/** The values of a live container that no argument can have, in clauses: `its memoryLimit is "2g"`. */
export function valuesOfNoArgument(observed: Observed): string[] {
  return Object.entries(containerSchema.shape).flatMap(([name, schema]) => {
    const value = at(observed, name);
    if (value === undefined || schema.safeParse(value).success) return [];
    return [`its ${name} is ${JSON.stringify(value)}, which no argument can be`];
  });
}
