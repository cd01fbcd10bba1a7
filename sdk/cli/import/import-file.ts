import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { adopted, type Backend, type Candidate, defaultArguments } from "../../../provider/command-line";
import { providerCode, resourceType } from "../../resource-type";
import { CommandError } from "../command";
import { jsonFrom } from "./text-files";

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

/** What Pulumi reads: https://www.pulumi.com/docs/iac/guides/migration/import/ */
const importFileSchema = z.strictObject({
  resources: z.array(z.unknown()),
  nameTable: z.record(z.string(), z.string()).optional(),
});

/** @throws CommandError where a file is something else, so that it cannot be overwritten */
export function assertImportFile(file: string, text: string | undefined): void {
  if (text === undefined || isImportFile(text)) return;
  throw new CommandError(
    "OC5225",
    `${file} is not overwritten: it is not an import file`,
    "Name another file with --file, or delete this one",
  );
}

function isImportFile(text: string): boolean {
  try {
    return importFileSchema.safeParse(jsonFrom(text)).success;
  } catch {
    return false; // no JSON
  }
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
