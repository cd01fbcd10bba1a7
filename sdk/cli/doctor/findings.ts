import { type PendingEntry, read, reasonOf } from "../../../provider/lifecycle/journal/files";
import { CommandError } from "../command";

export interface Findings {
  /** The oldest first. */
  left: PendingEntry[];
  /** Files that may be entries, and why they cannot be read. */
  unreadable: { file: string; error: unknown }[];
  /** Files that are no entries. */
  unrecognized: string[];
}

/**
 * Reads the journal of all programs.
 * @throws CommandError where its folder cannot be read
 */
export function findings(folder: string): Findings {
  try {
    const { pending: left, ...others } = read(folder);
    return { left: left.toSorted((a, b) => Date.parse(a.entry.time) - Date.parse(b.entry.time)), ...others };
  } catch (error) {
    throw new CommandError(`The journal cannot be read: ${reasonOf(error)}`);
  }
}
