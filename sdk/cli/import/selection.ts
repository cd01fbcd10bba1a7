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
  /** Whether somebody chose these, rather than taking all that there are. */
  isChosen: boolean;
}

/** Who decides: the ids or the filter of the command line, the person at the terminal, or nobody, so that all are taken. */
export type Choice = "ids" | "filter" | "terminal" | "all";

/**
 * @param mapping the mapping that exists, which is a decision too
 * @throws UsageError where nobody decides, and Pulumi is to import
 */
export function choiceOf(options: ImportOptions, mapping: Mapping | undefined): Choice {
  if (options.ids.length > 0) return "ids";
  if (Object.keys(options.filter).length > 0) return "filter";
  if (mapping !== undefined || !writesFiles(options)) return "all";
  if (isTerminal()) return "terminal";
  if (!options.run) return "all";
  throw new UsageError(
    "OC5202",
    "--run without a terminal needs a choice: --name '*' for every container, another filter, --id or a mapping",
  );
}

/**
 * Selects containers. The backend's list is read once.
 * @throws CommandError where a container that was named cannot be imported
 */
export async function select(
  choice: Choice,
  { ids, filter }: ImportOptions,
  backend: Backend,
  report: Report,
  output: Output,
): Promise<Selection> {
  const all = (await backend.candidates(report)).toSorted(byAge);
  const selected = async () => {
    if (choice === "ids") return named(ids, all, backend, report);
    if (choice === "filter") return all.filter((candidate) => matches(candidate, filter));
    const possible = all.filter(({ refusals }) => refusals.length === 0);
    return choice === "terminal" && possible.length > 0 ? choose(possible, askAtTerminal, output) : all;
  };
  const candidates = await selected();
  const present = new Set([...all, ...candidates].map(({ observed }) => observed.id));
  return { candidates, present, isChosen: choice !== "all" };
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
  return [...found.values()].toSorted(byAge);
}
