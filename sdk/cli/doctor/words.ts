import type { Entry } from "../../../provider/lifecycle/journal/files";

/** The resource's name in the program. */
export function resourceOf({ urn }: Entry): string {
  return urn.split("::").slice(3).join("::") || urn;
}

/** `1 entry`, `2 entries` */
export function entries(count: number): string {
  return count === 1 ? "1 entry" : `${count} entries`;
}
