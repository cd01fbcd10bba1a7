import type { Report } from "../report";

/** `failed, 1 error`, `no changes`, `2 findings` or `fails on egress-widened` */
export function verdictOf({ verdict, findings, errors }: Report, failing: ReadonlySet<string>): string {
  if (verdict === "failed") return `failed, ${counted(errors.length, "error")}`;
  if (verdict === "unchanged" && findings.length === 0) return "no changes";
  const stopping = [...new Set(findings.map(({ id }) => id))].filter((id) => failing.has(id));
  return stopping.length > 0 ? `fails on ${stopping.join(", ")}` : counted(findings.length, "finding");
}

/** `Findings: 2 egress-widened, 1 expired. Containers: 1 created, 2 replaced, 3 deleted (replaced ones included). 12 resources unchanged.` */
export function countsOf({ verdict, counts, findings, otherChanges, containers }: Report): string {
  const parts = [
    ...(verdict === "failed" ? ["Not everything that changes is known"] : []),
    ...(findings.length > 0 ? [`Findings: ${byId(findings)}`] : []),
    ...(containers.length > 0 ? [`Containers: ${operations(counts)}`] : []),
    ...(otherChanges > 0 ? [`${counted(otherChanges, "other resource")} changed, not judged`] : []),
    ...(counts.unchanged > 0 ? [`${counted(counts.unchanged, "resource")} unchanged`] : []),
  ];
  return parts.map((part) => `${part}.`).join(" ");
}

function byId(findings: Report["findings"]): string {
  const counts = new Map<string, number>();
  for (const { id } of findings) counts.set(id, (counts.get(id) ?? 0) + 1);
  return [...counts].map(([id, count]) => `${count} ${id}`).join(", ");
}

function operations(counts: Report["counts"]): string {
  const { created, updated, imported, replaced, deleted } = counts;
  const all = { created, updated, imported, replaced, deleted };
  const words = Object.entries(all).flatMap(([word, count]) => (count > 0 ? [`${count} ${word}`] : []));
  const text = words.length > 0 ? words.join(", ") : "options changed";
  return replaced > 0 ? `${text} (replaced ones included)` : text;
}

export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}
