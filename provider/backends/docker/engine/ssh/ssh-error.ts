import { printable } from "../printable";

/** `ssh` has ended, or could not be started. */
export class SshError extends Error {
  readonly code = "ESSH";

  /**
   * @param exitCode of `ssh` itself 255, else that of the command on the remote host; undefined where it was not started, or
   * was ended by a signal
   * @param output what it wrote to stderr
   * @param wasConnected whether the engine had sent something
   */
  constructor(
    readonly exitCode: number | undefined,
    output: string,
    readonly wasConnected = false,
  ) {
    super(lastLines(output) || `ssh ended with exit code ${exitCode ?? "unknown"}`);
  }
}

const shownCharacters = 300;

/** On one line: the other host wrote it. */
function lastLines(output: string): string {
  const line = printable(output).replace(/\s+/g, " ").trim();
  return line.slice(-shownCharacters).replace(/[ .]+$/, "");
}
