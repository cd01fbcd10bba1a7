import { isDeepStrictEqual } from "node:util";
import { containerSchema } from "../model/container";
import { changeLines } from "./list-changes";

type Inputs = Record<string, unknown>;

/**
 * What a replacement takes from the program although `ignoreChanges` keeps it: Pulumi puts the recorded values into the
 * first check of a run alone, so that neither its own diff nor ours shows them.
 * @param planned the inputs as the first check left them
 * @param taken the same of the check before the replacement is made
 * @returns the arguments, and the lines about lists in them
 */
export function ignoredChanges(
  planned: Inputs,
  taken: Inputs,
  secretArguments: readonly string[],
): { changed: string[]; lines: string[] } {
  const changed = Object.keys(containerSchema.shape).filter((arg) => !isDeepStrictEqual(planned[arg], taken[arg]));
  return { changed, lines: changed.length > 0 ? changeLines(planned, taken, secretArguments) : [] };
}
