import { coded } from "../../../provider/codes";
import { openFromEnvironment, type Report } from "../../../provider/command-line";
import type { Output } from "../command";
import { generatedProgram } from "./generated-program";
import { importedResource, importFileText } from "./import-file";
import { mappingText, readMapping } from "./mapping";
import type { ImportOptions } from "./options";
import { type Chosen, planned } from "./plan";
import { blocksIn } from "./program";
import { programInProject } from "./project";
import { printResult } from "./result";
import { runImport } from "./run-import";
import { choiceOf, select, writesFiles } from "./selection";
import { emptyStack, readStack } from "./stack";
import { readIfExists, writeText } from "./text-files";

/**
 * Imports containers, or lists those that can be imported. What can be wrong is checked before a file or the stack is
 * changed.
 * @throws UsageError, CommandError or BackendError
 */
export async function importContainers(options: ImportOptions, output: Output): Promise<void> {
  const mapping = options.mapping === undefined ? undefined : readMapping(options.mapping);
  const choice = choiceOf(options, mapping);
  const program = options.run ? programInProject(options.program) : options.program;
  const earlier = program === undefined ? [] : blocksIn(program, readIfExists(program));
  const backends = await Promise.all(options.backends.map((name) => openFromEnvironment(name)));
  const stack = options.run ? await readStack(options.stack) : emptyStack;
  const selection = await select(choice, options, backends, reportTo(output), output);
  const plan = planned(selection, mapping, stack, new Set(earlier.map(({ name }) => name)));
  const { chosen } = plan;
  if (writesFiles(options)) warnOfMissing(chosen, output);

  const resources = chosen.flatMap(({ candidate, name }) => {
    const backend = selection.backends.get(candidate.observed.id);
    return backend ? [importedResource(candidate, name, backend)] : [];
  });
  const generated = { chosen, resources, earlier: earlier.filter(({ name }) => stack.names.has(name)) };
  const files: string[] = [];
  const write = (file: string | undefined, text: (file: string) => string) => {
    if (file === undefined) return;
    writeText(file, text(file));
    files.push(file);
  };
  write(options.mapping, () => mappingText(plan.mapping));
  write(program, (file) => generatedProgram(file, generated, options));
  write(options.file, () => importFileText(resources));
  const ran = options.run ? await runImport(options, chosen, importFileText(resources), output) : undefined;
  printResult(options, { plan, files, ran }, output);
}

function warnOfMissing(chosen: readonly Chosen[], { stderr }: Output): void {
  for (const { candidate, isManaged } of chosen) {
    const { observed, missing } = candidate;
    if (isManaged || missing.length === 0) continue;
    const what = `Container ${observed.name} is imported as it is, without ${missing.join(", ")}`;
    stderr(`${coded("OC5219", `${what}: this package did not create it. Its next replacement has all of that.`)}\n`);
  }
}

function reportTo({ stderr }: Output): Report {
  return {
    progress: (text) => stderr(`${text}\n`),
    warning: (code, text) => stderr(`${coded(code, text)}\n`),
    runWarning: (code, text) => stderr(`${coded(code, text)}\n`),
  };
}
