import type { CodeEntries } from "./code-entry";

/** OC22xx: Docker engines, images and sandboxes. */
export const engineCodes = {} as const satisfies CodeEntries;
