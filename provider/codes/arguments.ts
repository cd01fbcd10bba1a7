import type { CodeEntries } from "./code-entry";

/** OC10xx: arguments that a check refuses, and warnings about them. */
export const argumentCodes = {} as const satisfies CodeEntries;
