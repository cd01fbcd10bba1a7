import { journalFolder } from "../../../provider/host/run";
import { reasonOf } from "../../../provider/lifecycle/journal/files";
import type { Terminal } from "../command";
import { clear } from "./clear";
import { tellOfEngine } from "./engine";
import { findings } from "./findings";
import { forget } from "./forget";
import { list } from "./list";

/** What to do with the journal of this user's runs: with all of it, or with the entry of a key. */
export type Task = "list" | "clear" | { forget: string };

export async function examine(task: Task, terminal: Terminal): Promise<void> {
  const folder = journalFolder(process.env);
  const found = findings(folder);
  if (typeof task === "object") return forget(task.forget, found, terminal);
  if (found.left.length + found.unreadable.length === 0)
    terminal.tell(`Nothing is left of any run of Pulumi (${folder}).\n`);
  for (const { file, error } of found.unreadable) {
    terminal.complain(`Cannot read ${file}, which may be an entry: ${reasonOf(error)}. Make it readable for you.\n`);
  }
  for (const file of found.unrecognized) {
    terminal.complain(
      `Not an entry, or a torn one: ${file}. Delete it, unless a newer version of this package wrote it.\n`,
    );
  }
  if (found.left.length > 0) await (task === "clear" ? clear(found, terminal) : list(found, terminal));
  if (task === "list") await tellOfEngine(terminal);
}
