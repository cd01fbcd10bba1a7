import { type Code, coded } from "../../../provider/codes";

/** A preview that cannot be read: what happened, and what to do. */
export class PreviewError extends Error {
  /** @param code as in docs/troubleshooting.md */
  constructor(
    readonly code: Code,
    what: string,
    advice: string,
  ) {
    super(coded(code, `${what}. ${advice}.`));
  }
}
