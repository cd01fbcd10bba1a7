import { type Code, coded } from "../../provider/codes";
import type { Help } from "./help";

/** Where a command writes. */
export interface Output {
  stdout(text: string): void;
  stderr(text: string): void;
}

/** A subcommand of `openai-containers`. */
export interface Command {
  /** One line for the list of commands. */
  summary: string;
  help: Help;
  /**
   * @param args the arguments after the name of the command
   * @throws UsageError for invalid arguments
   * @throws CommandError or BackendError for a failure that the user can act on
   */
  run(args: string[], output: Output): Promise<void>;
}

/** Invalid arguments. Exit code 2. */
export class UsageError extends Error {
  constructor(code: Code, what: string) {
    super(coded(code, what));
  }
}

/** A failure that the user can act on: what happened, and what to do. Exit code 1, if the command has no other for it. */
export class CommandError extends Error {
  constructor(
    code: Code,
    what: string,
    advice: string,
    readonly exitCode = 1,
  ) {
    super(coded(code, `${what}. ${advice}.`));
  }
}

/**
 * Parses arguments.
 * @param parse calls `parseArgs`
 * @throws UsageError for arguments that it rejects
 */
export function parsed<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const [firstSentence = ""] = error.message.split(/\.?\s*(?:\.\s|\n|$)/);
    throw new UsageError("OC5003", `Invalid arguments: ${firstSentence}`);
  }
}
