import { RunError } from "@pulumi/pulumi";
import { BackendError } from "./backends/backend";

/** An expected failure as one of which Pulumi, and Node, print the message and no stack trace. */
export function runErrorOf(error: unknown): unknown {
  if (!(error instanceof BackendError)) return error; // a bug: its stack trace is worth printing
  const failure = new RunError(error.message);
  failure.stack = error.message; // Pulumi prints the stack where nothing awaits the result
  return failure;
}
