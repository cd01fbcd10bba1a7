import type { CodeEntries } from "./code-entry";

/** OC21xx: the hosted Containers API. */
export const hostedCodes = {} as const satisfies CodeEntries;
