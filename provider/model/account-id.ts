import { z } from "zod";

/** The id of a file or a skill of the account, which is a part of the path that it is downloaded from. */
export const accountId = z
  .string()
  .min(1, { abort: true })
  .regex(
    /^(?!\.{1,2}$)[^/\\?#%\s\p{C}]+$/u,
    "an id, which is neither . nor .. and has no white space and none of / \\ ? # %",
  );
