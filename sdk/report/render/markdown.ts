import type { Finding } from "../finding";
import type { Change } from "../preview";
import type { Report } from "../report";
import { block, cell, code, cut, sentence } from "./markdown-text";
import { counted, countsOf, verdictOf } from "./summary";
import { visible } from "./visible";

const longest = 60_000; // GitHub's comments have 65,536 characters at most, GitLab's more
const longestErrors = 4_000;
const longestLine = 600;
const longestSentence = 7_000; // twenty domains as long as domains can be
const mostPaths = 10;

/** How a report is printed. */
export interface RenderOptions {
  /** The ids of the findings that fail the check. */
  readonly failing: ReadonlySet<string>;
  /** Whether a stack without changes and findings has one line. */
  readonly isQuietIfUnchanged: boolean;
}

/**
 * Markdown for a comment on a pull request, with a section and a hidden marker for each stack. It has fewer than 60,000
 * characters: what has no room is counted.
 */
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
  const groups = byResource(report.findings);
  const rows = fitting(groups, (group) => row(group, failing), Math.floor(budget * 0.7));
  const shown = groups.slice(0, rows.length).flat();
  const table = rows.length > 0 ? ["\n| Container | Findings |", "| --- | --- |", ...rows, ""].join("\n") : "";
  const items = fitting(report.containers, detail, budget - table.length);
  return [
    top,
    table,
    leftOut(report.findings.length - shown.length, "finding"),
    details(items, report.containers.length),
    foot,
  ].join("");
}

function nameOf({ project, stack, source }: Report): string {
  return code(stack === undefined ? source : `${project}/${stack}`);
}

/** By it a script finds the comment of a stack. Percent encoding keeps it within the HTML comment. */
function marker({ project, stack, source }: Report): string {
  const name = stack === undefined ? [source] : [project ?? "", stack];
  const encoded = name.map((part) => encodeURIComponent(visible(part)).replaceAll("-", "%2D"));
  return `<!-- openai-containers report: ${encoded.join("/")} -->`;
}

function errors({ errors }: Report, longestText: number): string {
  return errors.length > 0 ? `\n${block(errors.join("\n"), longestText)}\n` : "";
}

/** The findings of each container, and those about the run, as the heaviest of each has them. */
function byResource(findings: readonly Finding[]): Finding[][] {
  const groups = new Map<string | undefined, Finding[]>();
  for (const finding of findings) {
    const group = groups.get(finding.urn);
    if (group) group.push(finding);
    else groups.set(finding.urn, [finding]);
  }
  return [...groups.values()];
}

function row(group: readonly Finding[], failing: ReadonlySet<string>): string {
  const resource = group[0]?.resource;
  const name = resource === undefined ? "(all)" : code(resource);
  const items = group.map(({ id, sentence: text }) => {
    const mark = failing.has(id) ? "❌ " : "";
    return `${mark}**${sentence(id)}** ${sentence(cut(text, longestSentence))}`;
  });
  return `| ${cell(name)} | ${cell(items.join("<br>"))} |`;
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

/** The first ones, as text, of which so many characters have room, each on a line. */
function fitting<T>(all: readonly T[], textOf: (one: T) => string, characters: number): string[] {
  const texts: string[] = [];
  let left = characters;
  for (const one of all) {
    const text = textOf(one);
    left -= text.length + 1;
    if (left < 0) break;
    texts.push(text);
  }
  return texts;
}

function leftOut(count: number, what: string): string {
  if (count === 0) return "";
  return `\n${counted(count, `more ${what}`)} left out here, as a comment has no room for them: \`openai-containers report --format json\` prints all.\n`;
}
