import type { Entry } from "../../../provider/command-line";

/** The name of an entry's resource in its program. */
export function resourceOf({ urn }: Entry): string {
  return urn.split("::").slice(3).join("::") || urn;
}
