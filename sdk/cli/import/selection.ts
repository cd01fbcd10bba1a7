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
  /** The backends that have these, by their ids. */
  backends: ReadonlyMap<string, Backend>;
}

interface Found {
  candidate: Candidate;
  backend: Backend;
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
 * Selects containers. Each backend's list is read once.
 * @throws CommandError where a container that was named cannot be imported
 */
export async function select(
  choice: Choice,
  { ids, filter }: ImportOptions,
  backends: readonly Backend[],
  report: Report,
  output: Output,
): Promise<Selection> {
  const listed = await Promise.all(backends.map((backend) => list(backend, report)));
  const all = listed.flat().toSorted(byAge);
  const selected = async () => {
    if (choice === "ids") return named(ids, all, backends, report);
    if (choice === "filter") return all.filter(({ candidate }) => matches(candidate, filter));
    return choice === "terminal" ? chosenAtTerminal(all, output) : all;
  };
  const chosen = await selected();
  return {
    candidates: chosen.map(({ candidate }) => candidate),
    present: new Set([...all, ...chosen].map(({ candidate }) => candidate.observed.id)),
    isChosen: choice !== "all",
    backends: new Map(chosen.map(({ candidate, backend }) => [candidate.observed.id, backend])),
  };
}

async function list(backend: Backend, report: Report): Promise<Found[]> {
  return (await backend.candidates(report)).map((candidate) => ({ candidate, backend }));
}

async function chosenAtTerminal(all: Found[], output: Output): Promise<Found[]> {
  const possible = all.map(({ candidate }) => candidate).filter(({ refusals }) => refusals.length === 0);
  if (possible.length === 0) return all;
  const chosen = new Set(await choose(possible, askAtTerminal, output));
  return all.filter(({ candidate }) => chosen.has(candidate));
}

function byAge({ candidate: { observed: a } }: Found, { candidate: { observed: b } }: Found): number {
  return a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1);
}

/** Whether more is asked for than a list of what can be imported. */
export function writesFiles({ file, program, mapping, run }: ImportOptions): boolean {
  return run || [file, program, mapping].some((name) => name !== undefined);
}

async function named(
  ids: readonly string[],
  all: readonly Found[],
  backends: readonly Backend[],
  report: Report,
): Promise<Found[]> {
  const chosen = new Map<string, Found>();
  for (const id of ids) {
    const found = all.find(({ candidate }) => candidate.observed.id === id) ?? (await unlisted(id, backends, report));
    const { observed, refusals } = found.candidate;
    if (chosen.has(observed.id)) throw new UsageError("OC5203", `--id ${id} was given twice`);
    if (refusals.length > 0)
      throw new CommandError("OC5217", `Container ${id} cannot be imported: ${refusals.join("; ")}`, "Leave it out");
    chosen.set(observed.id, found);
  }
  return [...chosen.values()].toSorted(byAge);
}

/** A container that is in no list by this id: it is a name on Docker, or the hosted lists lag. */
async function unlisted(id: string, backends: readonly Backend[], report: Report): Promise<Found> {
  for (const backend of backends) {
    const candidate = await backend.candidate(id, report);
    if (candidate) return { candidate, backend };
  }
  const settings = backends.map(({ locationSettings }) => locationSettings.environment);
  throw new CommandError(
    "OC5216",
    `There is no container ${id} at ${backends.map(({ location }) => location).join(" or ")}`,
    `Check the id, --backend, and ${settings.join("; ")}`,
  );
}
