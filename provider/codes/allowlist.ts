import type { CodeEntries } from "./code-entry";

/** OC23xx: allow lists on Docker. */
export const allowlistCodes = {} as const satisfies CodeEntries;
