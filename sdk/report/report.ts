import type { Finding } from "./finding";
import { type Change, isContainer, type Operation, type Preview } from "./preview";

/** What is printed of one preview, in any format. */
export interface Report {
  readonly source: string;
  readonly project: string | undefined;
  readonly stack: string | undefined;
  /** `unchanged` only of a whole preview that succeeded, and has no change. */
  readonly verdict: "failed" | "changed" | "unchanged";
  readonly errors: readonly string[];
  readonly counts: Counts;
  readonly findings: readonly Finding[];
  /** The changed containers, those with the heaviest findings first. */
  readonly containers: readonly Change[];
  /** How many resources of other providers change. They are not judged. */
  readonly otherChanges: number;
  readonly fingerprint: string | undefined;
}

/** Containers by what happens to them. */
export interface Counts {
  readonly created: number;
  readonly updated: number;
  readonly replaced: number;
  /** Those that are replaced among them: each loses what it holds. */
  readonly deleted: number;
  readonly imported: number;
  /** Resources of any kind that stay as they are, the stack among them. */
  readonly unchanged: number;
}

/** @param findings of the preview, the heaviest first */
export function reportOf(preview: Preview, findings: readonly Finding[]): Report {
  const { source, project, stack, errors, changes, fingerprint } = preview;
  const containers = changes.filter(isContainer);
  const isChanged = changes.length > 0;
  return {
    source,
    project,
    stack,
    verdict: errors.length > 0 ? "failed" : isChanged ? "changed" : "unchanged",
    errors,
    counts: countsOf(containers, preview.unchanged),
    findings,
    containers: byWeight(containers, findings),
    otherChanges: changes.length - containers.length,
    fingerprint,
  };
}

/** The report of a preview that could not be read. */
export function unreadable(source: string, error: string): Report {
  return {
    source,
    project: undefined,
    stack: undefined,
    verdict: "failed",
    errors: [error],
    counts: countsOf([], 0),
    findings: [],
    containers: [],
    otherChanges: 0,
    fingerprint: undefined,
  };
}

function countsOf(containers: readonly Change[], unchanged: number): Counts {
  const count = (wanted: Operation) => containers.filter(({ operation }) => operation === wanted).length;
  const replaced = count("replace");
  return {
    created: count("create"),
    updated: count("update"),
    replaced,
    deleted: count("delete") + replaced,
    imported: count("import"),
    unchanged,
  };
}

function byWeight(containers: readonly Change[], findings: readonly Finding[]): Change[] {
  const places = new Map<string, number>();
  for (const [place, { urn }] of findings.entries()) if (urn && !places.has(urn)) places.set(urn, place);
  const placeOf = ({ urn }: Change) => places.get(urn) ?? findings.length;
  return [...containers].sort((a, b) => placeOf(a) - placeOf(b));
}
