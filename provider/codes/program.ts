import type { CodeEntries } from "./code-entry";

/** OC40xx: what a Pulumi program gets from the package's classes and functions. */
export const programCodes = {} as const satisfies CodeEntries;
