/** Where a command's words go: to standard output, and to standard error. */
export interface Terminal {
  tell(text: string): void;
  complain(text: string): void;
}

/** One of the things that `openai-containers` does. */
export interface Command {
  /** A line for the list of commands. */
  summary: string;
  usage: string;
  /**
   * @param args what follows the command's name
   * @throws UsageError for arguments that it does not take, and CommandError for what it cannot do
   */
  run(args: string[], terminal: Terminal): Promise<void>;
}

/** The arguments are wrong: the message and the usage are printed, and the exit code is 2. */
export class UsageError extends Error {}

/** Something that may happen: the message is printed alone, and the exit code is 1. */
export class CommandError extends Error {}

/**
 * Reads arguments.
 * @param read calls `parseArgs`
 * @throws UsageError for those that it refuses
 */
export function understood<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof Error ? new UsageError(error.message) : error;
  }
}
