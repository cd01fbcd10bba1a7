import type { Report } from "../report";

/** `2 findings. Containers: 1 created, 2 replaced, 3 deleted (replacements count as deletions). 12 unchanged.` */
export function summaryOf({ verdict, findings, counts, otherChanges, containers }: Report): string {
  const parts = [
    verdict === "unchanged" ? "No changes" : counted(findings.length, "finding"),
    ...(containers.length > 0 ? [`Containers: ${operations(counts)}`] : []),
    ...(otherChanges > 0 ? [`Other resources: ${otherChanges} changed, not judged`] : []),
    ...(counts.unchanged > 0 ? [`${counts.unchanged} unchanged`] : []),
  ];
  return `${parts.join(". ")}.`;
}

function operations(counts: Report["counts"]): string {
  const { created, updated, imported, replaced, deleted } = counts;
  const all = { created, updated, imported, replaced, deleted };
  const words = Object.entries(all).flatMap(([word, count]) => (count > 0 ? [`${count} ${word}`] : []));
  const text = words.length > 0 ? words.join(", ") : "options changed";
  return replaced > 0 ? `${text} (a replacement deletes)` : text;
}

export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}
