import { journalFolder } from "../../../provider/run";
import type { Terminal } from "../command";
import { clear } from "./clear";
import { tellOfEngine } from "./engine";
import { findings } from "./findings";
import { list } from "./list";

/** Lists what is left of this user's runs, or clears it. */
export async function examine(isToClear: boolean, terminal: Terminal): Promise<void> {
  const folder = journalFolder(process.env);
  const found = findings(folder);
  if (found.left.length === 0) terminal.tell(`Nothing is left of any run of Pulumi (${folder}).\n`);
  for (const file of found.strangers) {
    terminal.complain(
      `Not an entry, or a torn one: ${file}. Delete it, unless a newer version of this package wrote it.\n`,
    );
  }
  if (found.left.length > 0) await (isToClear ? clear(found, terminal) : list(found, terminal));
  if (!isToClear) await tellOfEngine(terminal);
}
