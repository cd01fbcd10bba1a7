import { createHash } from "node:crypto";
import { createReadStream, writeFileSync } from "node:fs";
import {
  findingsOf,
  json,
  markdown,
  PreviewError,
  plainText,
  type Report,
  readPreview,
  reportOf,
  unreadable,
} from "../../report";
import { CommandError, type Output } from "../command";
import type { ReportOptions } from "./options";

/**
 * Prints the report of previews, and then fails where they are not to be accepted.
 * @throws CommandError with its own exit code for each reason
 */
export async function runReport(options: ReportOptions, output: Output): Promise<void> {
  const { files, failOn, expectedFingerprint } = options;
  const reports: Report[] = [];
  for (const file of files.length > 0 ? files : ["-"]) reports.push(await reportFrom(file));
  assertDistinct(reports);
  const fingerprint = fingerprintOf(reports);
  if (!options.printsFingerprint) print(rendered(reports, options), options, output);
  else if (fingerprint !== undefined) print(`${fingerprint}\n`, options, output);
  assertSucceeded(reports);
  assertSame(fingerprint, expectedFingerprint);
  assertAccepted(reports, failOn);
}

async function reportFrom(file: string): Promise<Report> {
  const source = file === "-" ? "stdin" : file;
  const chunks = file === "-" ? process.stdin : createReadStream(file, { highWaterMark: 1 << 20 });
  try {
    const preview = await readPreview(chunks, source);
    return reportOf(preview, findingsOf(preview));
  } catch (error) {
    if (error instanceof PreviewError) return unreadable(source, error.message);
    if (error instanceof Error && "syscall" in error)
      throw new CommandError("OC5105", `Cannot read ${source}: ${error.message}`, "Pass the file of a preview");
    throw error;
  }
}

/** A comment is identified by its project and stack. */
function assertDistinct(reports: readonly Report[]): void {
  const seen = new Map<string, string>();
  for (const { project, stack, source } of reports) {
    if (stack === undefined) continue;
    const name = `${project}/${stack}`;
    const other = seen.get(name);
    if (other !== undefined)
      throw new CommandError("OC5111", `${other} and ${source} are both previews of ${name}`, "Pass one of them");
    seen.set(name, source);
  }
}

/** Of several previews, one that differs where any of theirs does. Undefined where one has none. */
function fingerprintOf(reports: readonly Report[]): string | undefined {
  const all = reports.flatMap(({ fingerprint }) => fingerprint ?? []).sort();
  if (all.length < reports.length) return undefined;
  if (all.length === 1) return all[0];
  return createHash("sha256").update(all.join("\n")).digest("hex");
}

function rendered(reports: readonly Report[], { format, failOn, isQuietIfUnchanged }: ReportOptions): string {
  const options = { failing: failOn, isQuietIfUnchanged };
  if (format === "json") return json(reports);
  return format === "markdown" ? markdown(reports, options) : plainText(reports, options);
}

function print(text: string, { output: file }: ReportOptions, { stdout }: Output): void {
  try {
    if (file === undefined) stdout(text);
    else writeFileSync(file, text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError("OC5106", `Cannot write ${file}: ${reason}`, "Choose another file with --output");
  }
}

function assertSucceeded(reports: readonly Report[]): void {
  const failed = reports.filter(({ verdict }) => verdict === "failed");
  const [first] = failed.flatMap(({ errors }) => errors);
  if (first === undefined) return;
  const names = failed.map(({ source }) => source).join(", ");
  throw new CommandError(
    "OC5110",
    `There is no whole preview in ${names}: ${first.replace(/[.:]?(\n.*)?$/s, "")}`,
    "Correct what the report says, and run the preview again",
  );
}

function assertSame(fingerprint: string | undefined, expected: string | undefined): void {
  if (expected === undefined || fingerprint === expected) return;
  throw new CommandError(
    "OC5113",
    `The preview is not the one that was reviewed: its fingerprint is ${fingerprint}, expected ${expected}`,
    "Review the changes again, and pass the new fingerprint",
    4,
  );
}

function assertAccepted(reports: readonly Report[], failOn: ReportOptions["failOn"]): void {
  const failing = reports.flatMap(({ findings }) => findings.filter(({ id }) => [...failOn].some((one) => one === id)));
  if (failing.length === 0) return;
  const ids = [...new Set(failing.map(({ id }) => id))].join(", ");
  throw new CommandError(
    "OC5112",
    `Findings of --fail-on: ${ids}`,
    "Change the program, or accept them: run without these names",
    3,
  );
}
