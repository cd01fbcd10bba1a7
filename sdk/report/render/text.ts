import type { Report } from "../report";
import type { RenderOptions } from "./markdown";
import { countsOf, verdictOf } from "./summary";
import { visible } from "./visible";

/** Plain text for a terminal. */
export function plainText(reports: readonly Report[], options: RenderOptions): string {
  return reports.map((report) => section(report, options)).join("\n");
}

function section(report: Report, { failing, isQuietIfUnchanged }: RenderOptions): string {
  const { findings, errors, verdict, fingerprint } = report;
  const name = visible(report.stack === undefined ? report.source : `${report.project}/${report.stack}`);
  if (isQuietIfUnchanged && verdict === "unchanged" && findings.length === 0)
    return `Preview of ${name}: no changes.\n`;
  const lines = [
    `Preview of ${name}: ${verdictOf(report, failing)}. ${countsOf(report)}`.trimEnd(),
    ...errors.flatMap((error) => error.split("\n")).map((line) => `  ${visible(line)}`),
    ...findings.map(({ id, resource, sentence }) => {
      const mark = failing.has(id) ? "x" : "-";
      return `  ${mark} ${id}  ${visible(resource ?? "(all)")}: ${visible(sentence)}`;
    }),
    ...(fingerprint ? [`  fingerprint ${fingerprint}`] : []),
  ];
  return `${lines.join("\n")}\n`;
}
