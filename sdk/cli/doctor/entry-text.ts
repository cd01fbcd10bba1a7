import { type Entry, nameOf } from "../../../provider/command-line";

/** The name of an entry's resource in its program. */
export function resourceOf({ urn }: Entry): string {
  return nameOf(urn) || urn;
}
