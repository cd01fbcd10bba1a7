import type { CodeEntries } from "./code-entry";

/** OC11xx: settings of the environment, the stack and explicit providers. */
export const settingCodes = {} as const satisfies CodeEntries;
