import type { BackendKind, Warning } from "../backends/backend";
import { coded } from "../codes";
import type { Setting } from "../config";
import { type BackendName, backendNames, isBackendName, presetsOf, unsupportedBy } from "../model/container";
import { normalise } from "../model/normalise";
import { withoutNulls } from "../model/nulls";
import type { Problem } from "../model/problems";
import { unpinnedSkills } from "../model/skills";
import { unknownValue } from "../model/unknowns";

export interface Checked {
  inputs: Record<string, unknown>;
  problems: Problem[];
  /** Warnings about a container that is to be created. */
  warnings: Warning[];
}

/** The context of a check, besides the arguments. */
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
      return refused(written, [coded("OC1006", `${defaultBackend.source} must be ${names}`)]);
    }
    args["backend"] = defaultBackend.value;
  }
  for (const [name, preset] of Object.entries(presetsOf(args["backend"]))) args[name] ??= preset;

  const result = normalise(args, order);
  if ("problems" in result) return refused(written, result.problems);
  const { backend } = result.value;
  const isToBeCreated = Object.keys(recorded).length === 0;
  // The import option counts when the resource is new. After that it may stay, or be removed, and changes nothing.
  const { __import } = Object.keys(order).length > 0 ? order : written;
  return {
    // The recorded URN stays, as it is ours: moving a container in the program must not show a change.
    inputs: {
      ...result.value,
      __urn: recorded["__urn"] ?? written["__urn"],
      ...(__import !== undefined && { __import }),
    },
    problems: isBackendName(backend) ? unsupportedOf(result.value, backend, kinds[backend]) : [],
    warnings: isToBeCreated
      ? [
          ...unpinnedWarnings(result.value["skills"]),
          ...(isBackendName(backend) ? kinds[backend].warnings(result.value, secretArguments) : []),
        ]
      : [],
  };
}

function unsupportedOf(
  args: Record<string, unknown>,
  backend: BackendName,
  kind: Pick<BackendKind, "unsupported">,
): Problem[] {
  // A value that is not known yet may turn out to be none.
  const set = (name: string) => args[name] !== undefined && args[name] !== unknownValue;
  const unsupported = unsupportedBy(backend).filter(set);
  const text = `got a value, which the ${backend} backend does not support, expected none`;
  return [...unsupported.map((name) => coded("OC1005", `${name}: ${text}`)), ...kind.unsupported(args)];
}

function unpinnedWarnings(skills: unknown): Warning[] {
  const paths = unpinnedSkills(skills).map((index) => `skills[${index}]`);
  if (paths.length === 0) return [];
  const text =
    "no version, or the latest: what the container gets may change, and cannot be known later. Set version to a number";
  return [{ code: "OC1213", text: `${paths.join(", ")}: ${text}` }];
}

function refused(inputs: Record<string, unknown>, problems: Problem[]): Checked {
  return { inputs, problems, warnings: [] };
}
