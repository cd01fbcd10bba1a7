import { type Declaration, declarationText } from "./declaration";
import { identifierFor } from "./identifiers";
import { type ImportedResource, programArguments, unreportedArguments } from "./import-file";
import { usesImport } from "./modules";
import type { ImportOptions } from "./options";
import type { Chosen } from "./plan";
import { programText } from "./program";

/** A container that the program is to declare. */
export interface Generated {
  chosen: Chosen;
  resource: ImportedResource;
}

/**
 * @param present the text of the file so far
 * @param generated those that no file of the program declares
 */
export function generatedProgram(
  file: string,
  present: string | undefined,
  generated: readonly Generated[],
  { protect }: Pick<ImportOptions, "protect">,
): string {
  const style = { usesImport: usesImport(file), protect };
  // Every word, as a variable that a person added can be declared in many ways.
  const words = new Set(present?.match(/[\w$]+/g));
  const texts = generated.map((each) => declarationText(declarationOf(each, words), style));
  return programText(present, texts, style.usesImport);
}

function declarationOf({ chosen: { candidate, name }, resource }: Generated, taken: Set<string>): Declaration {
  return {
    id: candidate.observed.id,
    name,
    identifier: identifierFor(name, taken),
    args: programArguments(resource),
    unreported: unreportedArguments(resource),
    secretNames: candidate.secretNames,
  };
}
