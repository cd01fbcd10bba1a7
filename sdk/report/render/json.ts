import type { Report } from "../report";

/** One JSON object with all that is known: the form for other programs. `version` changes when a property goes. */
export function json(reports: readonly Report[]): string {
  const stacks = reports.map(({ containers, ...report }) => ({
    ...report,
    containers: containers.map(({ urn, name, operation, id, paths, replaceReasons }) => ({
      urn,
      name,
      operation,
      id,
      paths,
      replaceReasons,
    })),
  }));
  return `${JSON.stringify({ version: 1, stacks }, null, 2)}\n`;
}
