import type { Finding } from "../finding";
import type { Change } from "../preview";
import type { Report } from "../report";
import { block, cell, code, sentence } from "./markdown-text";
import { counted, summaryOf } from "./summary";
import { visible } from "./visible";

const longest = 60_000; // GitHub's comments have 65,536 characters at most, GitLab's more
const longestErrors = 4_000;

/** @param failing ids of findings that fail the check */
export interface RenderOptions {
  readonly failing: ReadonlySet<string>;
  readonly isQuietIfUnchanged: boolean;
}

/** Markdown for a comment on a pull request, with a section and a hidden marker for each stack. */
export function markdown(reports: readonly Report[], options: RenderOptions): string {
  const share = Math.floor(longest / Math.max(1, reports.length));
  return reports.map((report) => section(report, options, share)).join("\n");
}

function section(report: Report, { failing, isQuietIfUnchanged }: RenderOptions, share: number): string {
  const head = `${marker(report)}\n`;
  const isQuiet = isQuietIfUnchanged && report.verdict === "unchanged" && report.findings.length === 0;
  if (isQuiet) return `${head}Preview of ${nameOf(report)}: no changes.\n`;
  const title = `### Preview of ${nameOf(report)}: ${verdict(report, failing)}\n\n${summaryOf(report)}\n`;
  const top = `${head}${title}${errors(report)}`;
  const foot = report.fingerprint ? `\n<sub>Fingerprint <code>${report.fingerprint}</code></sub>\n` : "";
  const budget = share - top.length - foot.length - 500; // the notes about what is left out
  const rows = fitting(
    report.findings.map((finding) => row(finding, failing)),
    Math.floor(budget * 0.7),
  );
  const table = rows.length > 0 ? ["\n| Container | Finding |", "| --- | --- |", ...rows, ""].join("\n") : "";
  const items = fitting(
    report.containers.map((change) => detail(change)),
    budget - table.length,
  );
  return [
    top,
    table,
    leftOut(report.findings.length - rows.length, "finding"),
    details(items, report.containers.length),
    foot,
  ].join("");
}

function nameOf({ project, stack, source }: Report): string {
  return code(stack === undefined ? source : `${project}/${stack}`);
}

/** By it a script finds the comment of a stack. Percent encoding keeps it within the HTML comment. */
export function marker({ project, stack, source }: Report): string {
  const name = stack === undefined ? [source] : [project ?? "", stack];
  const encoded = name.map((part) => encodeURIComponent(visible(part)).replaceAll("-", "%2D"));
  return `<!-- openai-containers report: ${encoded.join("/")} -->`;
}

function verdict({ verdict, findings, errors }: Report, failing: ReadonlySet<string>): string {
  if (verdict === "failed") return `failed, ${counted(errors.length, "error")}`;
  if (verdict === "unchanged" && findings.length === 0) return "no changes";
  const stopping = [...new Set(findings.map(({ id }) => id))].filter((id) => failing.has(id));
  if (stopping.length > 0) return `not accepted (${stopping.map(sentence).join(", ")})`;
  return counted(findings.length, "finding");
}

function errors({ errors }: Report): string {
  if (errors.length === 0) return "";
  const text = errors.join("\n");
  const shown = text.length > longestErrors ? `${text.slice(0, longestErrors)}\n(cut: see the output of pulumi)` : text;
  return `\n${block([shown])}\n`;
}

function row({ id, resource, sentence: text }: Finding, failing: ReadonlySet<string>): string {
  const mark = failing.has(id) ? "❌ " : "";
  return `| ${cell(resource === undefined ? "all" : code(resource))} | ${mark}**${cell(sentence(id))}** ${cell(sentence(text))} |`;
}

function detail({ name, operation, paths, lines }: Change): string {
  const what = operation === "none" ? "options only" : operation;
  const changed = paths.length > 0 ? `: ${paths.map(code).join(", ")}` : "";
  const said = lines.map((line) => `\n  - ${line.code}: ${sentence(line.text)}`);
  return `- ${code(name)} ${what}${changed}${said.join("")}`;
}

function details(items: readonly string[], total: number): string {
  if (total === 0) return "";
  const left = leftOut(total - items.length, "container");
  return `\n<details><summary>${counted(total, "changed container")}</summary>\n\n${items.join("\n")}\n${left}\n</details>\n`;
}

/** The first texts that fit into so many characters, each on a line. */
function fitting(texts: readonly string[], characters: number): string[] {
  let left = characters;
  const end = texts.findIndex((text) => {
    left -= text.length + 1;
    return left < 0;
  });
  return texts.slice(0, end < 0 ? texts.length : end);
}

function leftOut(count: number, what: string): string {
  if (count === 0) return "";
  return `\n${counted(count, `more ${what}`)} left out here, as a comment has no room for them: \`openai-containers report --format json\` prints all.\n`;
}
