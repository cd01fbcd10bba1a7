import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { adopted, type Backend, type Candidate, defaultArguments } from "../../../provider/command-line";
import { providerCode, resourceType } from "../../resource-type";

/** A container in the file that `pulumi import --file` reads: with its outputs there, Pulumi asks no provider. */
export interface ImportedResource {
  type: string;
  name: string;
  id: string;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
}

export function importedResource(candidate: Candidate, name: string, backend: Backend): ImportedResource {
  const { inputs, outputs } = adopted(candidate, { backend: backend.name }, backend);
  const __provider = providerCode;
  const { id } = candidate.observed;
  return { type: resourceType, name, id, inputs: { ...inputs, __provider }, outputs: { ...outputs, __provider } };
}

export function importFileText(resources: readonly ImportedResource[]): string {
  return `${JSON.stringify({ resources }, null, 2)}\n`;
}

const shown = ["name", "backend", "memoryLimit"];

/** The arguments that a program has to state: a few that tell the reader what it is, and what is not the default. */
export function programArguments({ inputs }: ImportedResource): Record<string, unknown> {
  const defaults = defaultArguments(inputs["backend"]);
  const others = Object.keys(inputs).filter(
    (key) => !shown.includes(key) && !key.startsWith("__") && !isDeepStrictEqual(inputs[key], defaults[key]),
  );
  return Object.fromEntries([...shown, ...others].map((key) => [key, inputs[key]]));
}

/** The paths of the arguments that the backend does not report. */
export function unreportedArguments({ outputs }: ImportedResource): string[] {
  return z.array(z.string()).default([]).parse(outputs["__unreported"]);
}
