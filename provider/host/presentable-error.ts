import { BackendError, PartialCreateError } from "../backends/backend";
import { PartialFailure } from "../lifecycle/create";
import { SkillError } from "../skills/skill-error";

/**
 * Runs one of Pulumi's calls so that an expected failure has no stack trace. The host prints `${error}: ${error.stack}`
 * under the stack, and a thrown value that is no Error hangs Pulumi for good.
 */
export async function presentably<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw presentable(error);
  }
}

function presentable(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  const isExpected =
    error instanceof BackendError ||
    error instanceof PartialCreateError ||
    error instanceof PartialFailure ||
    error instanceof SkillError;
  if (!isExpected) return error; // a bug: its stack trace is worth printing
  error.toString = () => "pulumi-openai-containers";
  error.stack = "the reason is shown at the resource";
  return error;
}
