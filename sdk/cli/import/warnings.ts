import { coded } from "../../../provider/codes";
import type { Output } from "../command";
import type { Chosen, Plan } from "./plan";

/** Warns of containers that the mapping imports and that are not imported. */
export function warnOfUnimportable({ skipped, mapping }: Plan, { stderr }: Output): void {
  for (const { id, reason } of skipped)
    if (mapping[id]?.import) stderr(`${coded("OC5224", `The mapping imports ${id}, which is skipped: ${reason}.`)}\n`);
}

/** Warns of containers that lack what sandboxes of this package have. */
export function warnOfMissing(chosen: readonly Chosen[], { stderr }: Output): void {
  for (const { candidate, isManaged } of chosen) {
    const { observed, missing } = candidate;
    if (isManaged || missing.length === 0) continue;
    const what = `Container ${observed.name} is imported as it is, without ${missing.join(", ")}`;
    stderr(`${coded("OC5219", `${what}: this package did not create it. Its next replacement has all of that.`)}\n`);
  }
}
