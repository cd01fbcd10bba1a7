import type { CodeEntries } from "./code-entry";

/** OC20xx: what happens to a container from create to delete, and interrupted runs. */
export const lifecycleCodes = {} as const satisfies CodeEntries;
