import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CommandError, type Output } from "../command";
import type { ImportOptions } from "./options";
import type { Chosen } from "./plan";
import { pulumi, type Ran } from "./pulumi";
import { stackArguments } from "./stack";
import { writeText } from "./text-files";
import { assertUnchanged } from "./verify";

export interface RunOutcome {
  /** The ids of the containers that Pulumi imported. */
  imported: string[];
  /** How many of the selected containers a preview shows as unchanged: all of them. */
  unchanged: number;
}

const progressEvery = 100; // containers

/**
 * Imports what the stack does not manage yet, and previews the program.
 * @param importFile the file for Pulumi's import; it skips containers that the stack manages under the same names
 * @param hasContainers whether the stack had containers before, which the program may not declare
 * @throws CommandError where Pulumi fails, or the preview shows that `up` would change containers
 */
export async function runImport(
  options: ImportOptions,
  chosen: readonly Chosen[],
  importFile: string,
  hasContainers: boolean,
  output: Output,
): Promise<RunOutcome> {
  const pending = chosen.filter(({ isManaged }) => !isManaged);
  if (pending.length > 0) await importWithPulumi(options, importFile, pending.length, output);
  if (chosen.length > 0 || hasContainers) {
    output.stderr("Previewing the program …\n");
    await assertUnchanged(
      options.stack,
      chosen.map(({ name }) => name),
      output,
    );
  }
  return { imported: pending.map(({ candidate }) => candidate.observed.id), unchanged: chosen.length };
}

async function importWithPulumi(
  { stack, protect }: ImportOptions,
  importFile: string,
  count: number,
  { stderr }: Output,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "openai-containers-import-"));
  try {
    const file = join(folder, "import.json");
    writeText(file, importFile);
    const options = ["--generate-code=false", "--yes", "--skip-preview", `--protect=${protect}`];
    stderr(`Importing ${count} …\n`);
    let done = 0;
    const ran = await pulumi(["import", "--file", file, ...options, ...stackArguments(stack)], (text) => {
      const before = done;
      done += text.split(/ imported \(/).length - 1;
      if (Math.floor(done / progressEvery) > Math.floor(before / progressEvery))
        stderr(`Imported ${done} of ${count}\n`);
    });
    if (ran.code !== 0 || ran.wasInterrupted) throw failure(ran);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function failure({ wasInterrupted, text }: Ran): CommandError {
  const what = wasInterrupted ? "pulumi import was interrupted" : `pulumi import failed: ${text.trim()}`;
  return new CommandError(
    "OC5220",
    what,
    "Run the same command again, before the next `pulumi up`: it imports what is missing",
  );
}
