import { presetsOf } from "./container";
import { normalise } from "./normalise";

/** The arguments of a container of which a program says the backend alone. */
export function defaultArguments(backend: unknown): Record<string, unknown> {
  const result = normalise({ backend, ...presetsOf(backend) });
  if ("problems" in result) throw new Error(`The defaults are invalid: ${result.problems.join("; ")}`);
  return result.value;
}
