import type { CodeEntries } from "./code-entry";

/** OC30xx: what a replacement changes in lists. */
export const changeCodes = {} as const satisfies CodeEntries;
