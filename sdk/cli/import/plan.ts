import type { Candidate } from "../../../provider/command-line";
import { CommandError } from "../command";
import type { Mapping } from "./mapping";
import { resourceNames } from "./resource-names";
import type { Selection } from "./selection";
import type { StackState } from "./stack";

export interface Chosen {
  candidate: Candidate;
  /** The resource's name. */
  name: string;
  /** Whether the stack manages it already. */
  isManaged: boolean;
}

/** A container that is not imported. */
export interface Skipped {
  id: string;
  /** The container's name, as far as it is known. */
  name?: string;
  reason: string;
}

export interface Plan {
  chosen: Chosen[];
  skipped: Skipped[];
  /** Those that the stack manages and the file cannot declare, with their resources' names. */
  managed: { id: string; name: string }[];
  /** The mapping with the containers that are new in it. What a person wrote stays. */
  mapping: Mapping;
}

const newSince = "new since this mapping was written";

/**
 * Decides what becomes of each selected container.
 * @param mapping the mapping that exists
 * @throws CommandError where the mapping gives a container a name that the stack has for another one
 */
export function planned(
  { candidates, present, isChosen }: Omit<Selection, "backends">,
  mapping: Mapping | undefined,
  { managed, names: taken }: StackState,
): Plan {
  const entries = Object.entries(mapping ?? {});
  const fixed = new Map([...entries.map(([id, { name }]) => [id, name] as const), ...managed]);
  const names = resourceNames(
    candidates.map(({ observed }) => observed),
    fixed,
    taken,
  );
  const plan: Plan = { chosen: [], skipped: [], managed: [], mapping: { ...mapping } };
  for (const candidate of candidates) {
    const { id, name: ownName } = candidate.observed;
    const name = names.get(id) ?? ownName;
    const entry = plan.mapping[id] ?? newEntry(name, candidate, mapping !== undefined && !isChosen);
    plan.mapping[id] = entry;
    const reason = reasonToSkip(candidate, entry);
    const managedAs = managed.get(id);
    if (managedAs !== undefined && (reason !== undefined || !taken.has(managedAs)))
      plan.managed.push({ id, name: managedAs });
    else if (reason !== undefined) plan.skipped.push({ id, name: ownName, reason });
    else {
      if (managedAs === undefined) assertFree(id, name, taken);
      plan.chosen.push({ candidate, name, isManaged: managedAs !== undefined });
    }
  }
  const gone = entries.filter(([id]) => !present.has(id)).map(([id]) => ({ id, reason: "there is no such container" }));
  return { ...plan, skipped: [...plan.skipped, ...gone] };
}

function newEntry(name: string, { refusals }: Candidate, isUnexpected: boolean): Mapping[string] {
  const reason = refusals.length > 0 ? refusals.join("; ") : isUnexpected ? newSince : undefined;
  return reason === undefined ? { name, import: true } : { name, import: false, reason };
}

function reasonToSkip({ refusals }: Candidate, entry: Mapping[string]): string | undefined {
  if (refusals.length > 0) return refusals.join("; ");
  if (entry.import) return undefined;
  return entry.reason ?? "the mapping says so";
}

function assertFree(id: string, name: string, taken: ReadonlySet<string>): void {
  if (!taken.has(name)) return;
  throw new CommandError(
    "OC5218",
    `The stack has another container named ${JSON.stringify(name)}`,
    `Give ${id} another name in the mapping`,
  );
}
