import type { Finding } from "../finding";
import type { Change } from "../preview";
import type { Report } from "../report";
import { block, cell, code, cut, sentence } from "./markdown-text";
import { counted, countsOf, verdictOf } from "./summary";
import { visible } from "./visible";

const longest = 60_000; // GitHub's comments have 65,536 characters at most, GitLab's more
const longestErrors = 4_000;
const longestLine = 600;
const mostPaths = 10;

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
  const title = `### Preview of ${nameOf(report)}: ${verdictOf(report, failing)}\n\n${sentence(countsOf(report))}\n`;
  const top = `${head}${title}${errors(report, Math.min(longestErrors, share / 2))}`;
  const foot = report.fingerprint ? `\n<sub>Fingerprint <code>${report.fingerprint}</code></sub>\n` : "";
  const budget = share - top.length - foot.length - 500; // the notes about what is left out
  const rows = fitting(rowsOf(report.findings, failing), ({ markdown }) => markdown, Math.floor(budget * 0.7));
  const shown = rows.reduce((sum, { findings }) => sum + findings, 0);
  const table =
    rows.length > 0
      ? ["\n| Container | Findings |", "| --- | --- |", ...rows.map(({ markdown }) => markdown), ""].join("\n")
      : "";
  const items = fitting(report.containers.map(detail), (item) => item, budget - table.length);
  return [
    top,
    table,
    leftOut(report.findings.length - shown, "finding"),
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

function errors({ errors }: Report, longestText: number): string {
  return errors.length > 0 ? `\n${block(cut(errors.join("\n"), longestText))}\n` : "";
}

interface Row {
  markdown: string;
  findings: number;
}

/** A row for each container, and one for the findings about the run, as the heaviest finding of each has them. */
function rowsOf(findings: readonly Finding[], failing: ReadonlySet<string>): Row[] {
  const byResource = new Map<string | undefined, Finding[]>();
  for (const finding of findings) byResource.set(finding.urn, [...(byResource.get(finding.urn) ?? []), finding]);
  return [...byResource.values()].map((own) => {
    const [{ resource } = { resource: undefined }] = own;
    const name = resource === undefined ? "(all)" : code(resource);
    const items = own.map(
      ({ id, sentence: text }) => `${failing.has(id) ? "❌ " : ""}**${sentence(id)}** ${sentence(text)}`,
    );
    return { markdown: `| ${cell(name)} | ${cell(items.join("<br>"))} |`, findings: own.length };
  });
}

function detail({ name, operation, paths, lines }: Change): string {
  const what = operation === "none" ? "options only" : operation;
  const shown = [...paths.slice(0, mostPaths).map(code), ...(paths.length > mostPaths ? ["…"] : [])];
  const changed = shown.length > 0 ? `: ${shown.join(", ")}` : "";
  const said = lines.map((line) => `\n  - ${line.code}: ${sentence(cut(line.text, longestLine))}`);
  return `- ${code(name)} ${what}${changed}${said.join("")}`;
}

function details(items: readonly string[], total: number): string {
  if (total === 0) return "";
  const left = leftOut(total - items.length, "container");
  return `\n<details><summary>${counted(total, "changed container")}</summary>\n\n${items.join("\n")}\n${left}\n</details>\n`;
}

/** The first ones whose texts fit into so many characters, each on a line. */
function fitting<T>(all: readonly T[], textOf: (one: T) => string, characters: number): T[] {
  let left = characters;
  const end = all.findIndex((one) => {
    left -= textOf(one).length + 1;
    return left < 0;
  });
  return all.slice(0, end < 0 ? all.length : end);
}

function leftOut(count: number, what: string): string {
  if (count === 0) return "";
  return `\n${counted(count, `more ${what}`)} left out here, as a comment has no room for them: \`openai-containers report --format json\` prints all.\n`;
}
