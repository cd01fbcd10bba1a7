import type { CodeEntries } from "./code-entry";

/** OC50xx: the `openai-containers` command. */
export const commandCodes = {} as const satisfies CodeEntries;
