import type { Output } from "../command";
import { candidateLine } from "./candidate-line";
import { quoted } from "./literals";
import type { ImportOptions } from "./options";
import type { Plan, Skipped } from "./plan";
import type { RunOutcome } from "./run-import";
import { writesFiles } from "./selection";

export interface Result {
  plan: Plan;
  /** The files that were written. */
  files: readonly string[];
  /** What Pulumi did, with --run. */
  ran: RunOutcome | undefined;
}

export function printResult(options: ImportOptions, result: Result, { stdout }: Output): void {
  stdout(options.json ? `${JSON.stringify(jsonOf(result))}\n` : textOf(options, result));
}

function jsonOf({ plan: { chosen, managed, skipped }, files, ran }: Result): object {
  const selected = chosen.map(({ candidate, name }) => ({ id: candidate.observed.id, name }));
  return { selected, managed, skipped, files, imported: ran?.imported ?? [], unchanged: ran?.unchanged ?? 0 };
}

function textOf(options: ImportOptions, { plan: { chosen, skipped }, files, ran }: Result): string {
  const lines = skipped.map(skippedLine);
  if (!writesFiles(options)) lines.unshift(...chosen.map(({ candidate }) => candidateLine(candidate)));
  const count = `${chosen.length} ${chosen.length === 1 ? "container" : "containers"}`;
  if (ran) lines.push(`${ran.imported.length} imported, ${ran.unchanged} unchanged`);
  else if (files.length > 0) lines.push(`${count} in ${files.join(", ")}`, ...nextStep(options));
  else lines.push(`${count} can be imported. Nothing was changed: --run imports them.`);
  return `${lines.join("\n")}\n`;
}

function skippedLine({ id, name, reason }: Skipped): string {
  return `skipped  ${id}${name === undefined ? "" : `  ${quoted(name)}`}: ${reason}`;
}

function nextStep({ file, protect }: ImportOptions): string[] {
  if (file === undefined) return [];
  return [`To import: pulumi import --file ${file} --generate-code=false${protect ? "" : " --protect=false"}`];
}
