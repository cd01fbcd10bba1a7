import { isDeepStrictEqual } from "node:util";
import { containerSchema } from "../model/container";
import type { DiffReport } from "./diff";
import { changeLines } from "./list-changes";

type Inputs = Record<string, unknown>;

/**
 * Warns of arguments that a replacement takes from the program although `ignoreChanges` keeps them: Pulumi puts the
 * recorded values into the first check of a run alone, so that neither its own diff nor ours shows them.
 * @param planned the inputs as the first check left them
 * @param taken the same of the check before the replacement is created
 */
export function warnOfIgnoredChanges(
  planned: Inputs,
  taken: Inputs,
  secretArguments: readonly string[],
  report: DiffReport,
): void {
  const changed = Object.keys(containerSchema.shape).filter((arg) => !isDeepStrictEqual(planned[arg], taken[arg]));
  if (changed.length === 0) return;
  const names = changed.join(", ");
  report.warning("OC2008", `ignoreChanges does not apply to a replacement: it takes ${names} from the program`);
  for (const line of changeLines(planned, taken, secretArguments)) report.info(line);
}
