import { type Declaration, declarationText } from "./declaration";
import { identifierFor } from "./identifiers";
import { type ImportedResource, programArguments, unreportedArguments } from "./import-file";
import { usesImport } from "./modules";
import type { ImportOptions } from "./options";
import type { Chosen } from "./plan";
import { type Block, programText } from "./program";

/** What a program is generated from. */
export interface Generated {
  chosen: readonly Chosen[];
  /** The resources of these, in the same order. */
  resources: readonly ImportedResource[];
  /** The declarations of the present program that stay as they are: of resources that the stack has. */
  earlier: readonly Block[];
}

export function generatedProgram(
  file: string,
  generated: Generated,
  { protect }: Pick<ImportOptions, "protect">,
): string {
  const style = { usesImport: usesImport(file), protect };
  const next = declarations(generated).map((declaration) => ({
    ...declaration,
    text: declarationText(declaration, style),
  }));
  return programText([...generated.earlier, ...next], style.usesImport);
}

function declarations({ chosen, resources, earlier }: Generated): Declaration[] {
  const kept = new Set(earlier.map(({ name }) => name));
  const identifiers = new Set(earlier.map(({ identifier }) => identifier));
  return chosen.flatMap(({ candidate, name }, index) => {
    const resource = resources[index];
    if (!resource || kept.has(name)) return [];
    return {
      id: candidate.observed.id,
      name,
      identifier: identifierFor(name, identifiers),
      args: programArguments(resource),
      unreported: unreportedArguments(resource),
      secretNames: candidate.secretNames,
    };
  });
}
