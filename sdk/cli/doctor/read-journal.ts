import { fileInPath, type PendingEntry, read, reasonOf } from "../../../provider/command-line";
import { CommandError } from "../command";

export interface JournalContents {
  /** The pending entries, oldest first. */
  entries: PendingEntry[];
  /** Files that may be entries, and why they cannot be read. */
  unreadable: { file: string; error: unknown }[];
  /** Files that are not entries. */
  unrecognized: string[];
}

/**
 * Reads the journal of all programs.
 * @throws CommandError where its folder cannot be read
 */
export function readJournal(folder: string): JournalContents {
  try {
    const { pending, unreadable, unrecognized } = read(folder);
    const entries = pending.toSorted((a, b) => Date.parse(a.entry.time) - Date.parse(b.entry.time));
    return { entries, unreadable, unrecognized };
  } catch (error) {
    const file = fileInPath(folder, error);
    if (file !== undefined)
      throw new CommandError(
        "OC5009",
        `Cannot read the journal: ${file} is a file, not a folder`,
        "Remove it, or set XDG_STATE_HOME as in the runs of Pulumi",
      );
    throw new CommandError(
      "OC5009",
      `Cannot read the journal: ${reasonOf(error)}`,
      `Make the folder ${folder} readable for the current user`,
    );
  }
}
