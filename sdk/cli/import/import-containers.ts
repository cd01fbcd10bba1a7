import { coded } from "../../../provider/codes";
import { openFromEnvironment, type Report } from "../../../provider/command-line";
import type { Output } from "../command";
import { declaredIn } from "./declared";
import { generatedProgram } from "./generated-program";
import { assertImportFile, importedResource, importFileText } from "./import-file";
import { mappingText, readMapping } from "./mapping";
import { assertDistinct, type ImportOptions } from "./options";
import { planned } from "./plan";
import { assertGenerated } from "./program";
import { programInProject } from "./project";
import { printResult } from "./result";
import { runImport } from "./run-import";
import { choiceOf, select, writesFiles } from "./selection";
import { emptyStack, readStack } from "./stack";
import { readIfExists, writeText } from "./text-files";
import { warnOfMissing, warnOfUnimportable } from "./warnings";

/**
 * Imports containers, or lists those that can be imported. What can be wrong is checked before a file or the stack is
 * changed.
 * @throws UsageError, CommandError or BackendError
 */
export async function importContainers(options: ImportOptions, output: Output): Promise<void> {
  const mapping = options.mapping === undefined ? undefined : readMapping(options.mapping);
  const choice = choiceOf(options, mapping);
  const program = options.run ? programInProject(options.program) : { file: options.program, others: [] };
  assertDistinct([options.file, program.file, options.mapping]);
  const present = textOf(program.file, assertGenerated);
  textOf(options.file, assertImportFile);
  const backends = await Promise.all(options.backends.map((name) => openFromEnvironment(name)));
  const stack = options.run ? await readStack(options.stack) : emptyStack;
  const selection = await select(choice, options, backends, reportTo(output), output);
  const plan = planned(selection, mapping, stack);
  if (writesFiles(options)) warnOfMissing(plan.chosen, output);
  warnOfUnimportable(plan, output);

  const imported = plan.chosen.flatMap((chosen) => {
    const { candidate, name } = chosen;
    const backend = selection.backends.get(candidate.observed.id);
    return backend ? [{ chosen, resource: importedResource(candidate, name, backend) }] : [];
  });
  const importFile = importFileText(imported.map(({ resource }) => resource));
  const declared = declaredIn([present, ...program.others.map(readIfExists)].map((text = "") => text));
  // A container that the stack manages may have one of the names that the program computes.
  const undeclared = imported.filter(
    ({ chosen: { name, isManaged } }) => !declared.names.has(name) && !(isManaged && declared.hasComputed),
  );
  const files: string[] = [];
  const write = (file: string | undefined, text: (file: string) => string) => {
    if (file === undefined) return;
    writeText(file, text(file));
    files.push(file);
  };
  write(options.mapping, () => mappingText(plan.mapping));
  write(program.file, (file) => generatedProgram(file, present, undeclared, options));
  write(options.file, () => importFile);
  const hasContainers = stack.managed.size > 0;
  const ran = options.run ? await runImport(options, plan.chosen, importFile, hasContainers, output) : undefined;
  printResult(options, { plan, files, ran }, output);
}

/** The text of a file that is to be written, as far as there is one, once it is known to be of its kind. */
function textOf(
  file: string | undefined,
  assertKind: (file: string, text: string | undefined) => void,
): string | undefined {
  if (file === undefined) return undefined;
  const text = readIfExists(file);
  assertKind(file, text);
  return text;
}

function reportTo({ stderr }: Output): Report {
  return {
    progress: (text) => stderr(`${text}\n`),
    warning: (code, text) => stderr(`${coded(code, text)}\n`),
    runWarning: (code, text) => stderr(`${coded(code, text)}\n`),
  };
}
