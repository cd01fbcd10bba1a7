import { coded } from "../../../provider/codes";
import { isFolder, journalFolder, reasonOf } from "../../../provider/command-line";
import { CommandError, type Output } from "../command";
import { clearEntries } from "./clear-entries";
import { forgetEntry } from "./forget-entry";
import { listEntries } from "./list-entries";
import { printEngines } from "./print-engines";
import { readJournal } from "./read-journal";

/** What to do with the pending entries: with all of them, or with the one of a key. */
export type Task = "list" | "clear" | { forget: string };

/** @throws CommandError */
export async function runTask(task: Task, output: Output): Promise<void> {
  const folder = journalFolder(process.env);
  const { entries, unreadable, unrecognized } = readJournal(folder);
  if (typeof task === "object") return forgetEntry(task.forget, entries, output);
  if (entries.length + unreadable.length === 0) output.stdout(`There are no pending entries in ${folder}.\n`);
  for (const { file, error } of unreadable) {
    const whyAndAdvice = isFolder(error)
      ? "it is a folder. Remove it."
      : `${reasonOf(error)}. Make it readable for the current user.`;
    output.stderr(`${coded("OC5010", `Cannot read ${file}, which may be a pending entry: ${whyAndAdvice}`)}\n`);
  }
  for (const file of unrecognized) {
    output.stderr(
      `${coded("OC5011", `Unrecognized file ${file}: it is not a pending entry, or not a complete one. Delete it, unless a newer version of this package wrote it.`)}\n`,
    );
  }
  if (entries.length > 0) await (task === "clear" ? clearEntries(entries, output) : listEntries(entries, output));
  if (task === "list") await printEngines(output);
  const notRead = unreadable.length + unrecognized.length;
  if (notRead > 0)
    throw new CommandError(
      "OC5020",
      `Files of the journal not read: ${notRead} in ${folder}`,
      "Each may be a pending entry. Do what is said above for each of them, and run this command again",
    );
}
