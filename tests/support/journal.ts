import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Backend, Report } from "../../provider/backends/backend";
import { type Created, create } from "../../provider/lifecycle/create";
import { Journal, type Run } from "../../provider/lifecycle/journal/journal";

export const someRun: Run = { program: "/shop", state: "0123456789abcdef", engine: undefined, process: undefined };

/** A journal that must give no warning. */
export function journalIn(folder: string, run = someRun): Journal {
  return new Journal(folder, run, assert.fail);
}

const folders = mkdtempSync(join(tmpdir(), "openai-containers-journals-"));
process.once("exit", () => rmSync(folders, { recursive: true, force: true }));

/** A folder for a journal, which is removed when the process ends. */
export function journalFolder(): string {
  return mkdtempSync(join(folders, "journal-"));
}

/** Creates with a journal of its own. */
export function createIn(
  inputs: Record<string, unknown>,
  backend: Backend,
  report: Report,
  ending: AbortSignal,
): Promise<Created> {
  return create(inputs, { backend, journal: journalIn(journalFolder()), report, ending });
}
