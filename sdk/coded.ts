import { RunError } from "@pulumi/pulumi";
import type { Code } from "../provider/codes";

/** As in provider/codes, of which a program's process loads the types alone, to start fast. */
export function coded(code: Code, text: string): string {
  return `${code}: ${text}`;
}

/** An error of which Pulumi prints the message and no stack trace. */
export function runError(code: Code, text: string): RunError {
  return new RunError(coded(code, text));
}
