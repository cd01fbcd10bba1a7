import { type Code, coded } from "../codes";

/** A skill that cannot be used: a folder or a zip that is not as the API wants it, or that could do harm. */
export class SkillError extends Error {
  override readonly name = "SkillError";
  constructor(
    readonly code: Code,
    /** The message without its code, for those who say first which skill it is. */
    readonly text: string,
  ) {
    super(coded(code, text));
  }
}
