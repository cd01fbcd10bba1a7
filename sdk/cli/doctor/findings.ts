import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Journal, type Left } from "../../../provider/lifecycle/journal";
import { CommandError } from "../command";

export interface Findings {
  journal: Journal;
  /** The oldest first. */
  left: Left[];
  /** Files that are no entries. */
  strangers: string[];
}

/** Reads the journal of all programs. */
export function findings(folder: string): Findings {
  // Listed before the entries are read: what a run writes in between is an entry, and no stranger.
  const files = filesIn(folder);
  // Nothing is begun here, so it does not matter of which run this would be.
  const journal = new Journal(folder, { program: folder, state: undefined, engine: undefined });
  const left = journal.left().toSorted((a, b) => Date.parse(a.entry.time) - Date.parse(b.entry.time));
  const entries = new Set(left.map(({ file }) => file));
  // What is gone by now was a run's, which goes on.
  const strangers = files.filter((file) => !entries.has(file) && existsSync(file));
  return { journal, left, strangers };
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if ("code" in error && error.code === "ENOENT") return []; // nothing was ever written down
    throw new CommandError(`The journal cannot be read: ${error.message}`);
  }
}
