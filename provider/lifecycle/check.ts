import type { BackendKind } from "../backends/backend";
import type { Setting } from "../config";
import { type BackendName, backendNames, isBackendName } from "../model/container";
import { normalise } from "../model/normalise";
import { withoutNulls } from "../model/nulls";
import type { Problem } from "../model/problems";

export interface Checked {
  inputs: Record<string, unknown>;
  problems: Problem[];
  /** For the person who is about to have the container made. */
  warnings: string[];
}

/** What a check needs besides the arguments. */
export interface CheckContext {
  /** The inputs whose order sets keep: those in state, also where they are replaced. */
  order: Record<string, unknown>;
  /** The arguments that the program made secret. */
  secretArguments: readonly string[];
  defaultBackend: Setting;
  kinds: Record<BackendName, Pick<BackendKind, "unsupported" | "warnings">>;
}

/**
 * Validates the arguments that a program wrote and fills in the defaults. Asks no backend.
 * @param recorded the inputs in state; empty for a new container and for a replacement
 */
export function check(
  recorded: Record<string, unknown>,
  written: Record<string, unknown>,
  { order, secretArguments, defaultBackend, kinds }: CheckContext,
): Checked {
  // Keys that begin with `__` are Pulumi's and ours; the rest is the program's.
  const ofProgram = Object.entries(written).filter(([key]) => !key.startsWith("__"));
  const args = withoutNulls(Object.fromEntries(ofProgram));
  if (args["backend"] === undefined) {
    if (!isBackendName(defaultBackend.value)) {
      const names = backendNames.map((name) => JSON.stringify(name)).join(" or ");
      return refused(written, [`${defaultBackend.source} must be ${names}`]);
    }
    args["backend"] = defaultBackend.value;
  }
  if (args["backend"] === "docker") args["docker"] ??= {};

  const result = normalise(args, order);
  if ("problems" in result) return refused(written, result.problems);
  const { backend } = result.value;
  const kind = isBackendName(backend) ? kinds[backend] : undefined;
  const isToBeMade = Object.keys(recorded).length === 0;
  return {
    // The recorded URN stays, as it is ours: moving a container in the program must not show a change.
    inputs: { ...result.value, __urn: recorded["__urn"] ?? written["__urn"] },
    problems: kind?.unsupported(result.value) ?? [],
    warnings: isToBeMade && kind ? kind.warnings(result.value, secretArguments) : [],
  };
}

function refused(inputs: Record<string, unknown>, problems: Problem[]): Checked {
  return { inputs, problems, warnings: [] };
}
