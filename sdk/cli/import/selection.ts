import type { Backend, Candidate, Report } from "../../../provider/command-line";
import { CommandError, type Output, UsageError } from "../command";
import { askAtTerminal, choose, isTerminal } from "./choose";
import { matches } from "./filter";
import type { Mapping } from "./mapping";
import type { ImportOptions } from "./options";

/** The containers that are to be imported. */
export interface Selection {
  /** Oldest first. */
  candidates: Candidate[];
  /** The ids of all that there are. */
  present: ReadonlySet<string>;
  /** Whether somebody chose these, by a filter, by their ids or at the terminal, rather than taking all there are. */
  isChosen: boolean;
}

/**
 * Selects containers by their ids, by a filter, or as the person at the terminal says. One list of the backend is read.
 * @param mapping the mapping that exists, which decides where nothing else does
 * @throws UsageError where nobody chooses, and Pulumi is to import
 * @throws CommandError where a container that was named cannot be imported
 */
export async function select(
  backend: Backend,
  options: ImportOptions,
  mapping: Mapping | undefined,
  report: Report,
  output: Output,
): Promise<Selection> {
  const { ids, filter, run } = options;
  const hasFilter = Object.keys(filter).length > 0;
  const mayAsk = writesFiles(options) && ids.length === 0 && !hasFilter && mapping === undefined && isTerminal();
  if (run && ids.length === 0 && !hasFilter && mapping === undefined && !mayAsk)
    throw new UsageError(
      "OC5202",
      "--run without a terminal needs a choice: --name '*' for every container, another filter, --id or a mapping",
    );
  const all = await backend.candidates(report);
  const selection = (candidates: Candidate[], isChosen: boolean) => ({
    candidates: candidates.toSorted(byAge),
    present: new Set(all.map(({ observed }) => observed.id)),
    isChosen,
  });
  if (ids.length > 0) return selection(await named(ids, all, backend, report), true);
  const found = all.filter((candidate) => matches(candidate, filter));
  const possible = found.filter(({ refusals }) => refusals.length === 0).toSorted(byAge);
  if (!mayAsk || possible.length === 0) return selection(found, hasFilter);
  return selection(await choose(possible, askAtTerminal, output), true);
}

function byAge({ observed: a }: Candidate, { observed: b }: Candidate): number {
  return a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1);
}

/** Whether more is asked for than a list of what can be imported. */
export function writesFiles({ file, program, mapping, run }: ImportOptions): boolean {
  return run || [file, program, mapping].some((name) => name !== undefined);
}

async function named(ids: readonly string[], all: Candidate[], backend: Backend, report: Report): Promise<Candidate[]> {
  const found = new Map<string, Candidate>();
  for (const id of ids) {
    const candidate = all.find(({ observed }) => observed.id === id) ?? (await backend.candidate(id, report));
    if (!candidate)
      throw new CommandError(
        "OC5216",
        `There is no container ${id} at ${backend.location}`,
        `Check the id, and whether --backend ${backend.name} and ${backend.locationSettings.environment} are right`,
      );
    const { observed, refusals } = candidate;
    if (found.has(observed.id)) throw new UsageError("OC5203", `--id ${id} was given twice`);
    if (refusals.length > 0)
      throw new CommandError("OC5217", `Container ${id} cannot be imported: ${refusals.join("; ")}`, "Leave it out");
    found.set(observed.id, candidate);
  }
  return [...found.values()];
}
