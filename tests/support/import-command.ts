import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { RunningCommand } from "./running-command";
import type { Ran, Stack } from "./stack";

const main = join(__dirname, "../../dist/sdk/cli/index.js");

/** Runs `openai-containers import` in a stack's folder, without a terminal. */
export function importInto(stack: Pick<Stack, "folder" | "env">, ...args: string[]): Promise<Ran> {
  return startImport(stack, ...args).ended;
}

/** Starts it. */
export function startImport({ folder, env }: Pick<Stack, "folder" | "env">, ...args: string[]): RunningCommand {
  const child = spawn(process.execPath, [main, "import", ...args], {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  return new RunningCommand(child.pid ?? assert.fail(), ended(child), [child.stdout, child.stderr]);
}

function ended(child: ChildProcess): Promise<Ran> {
  return new Promise((resolve, reject) => {
    let text = "";
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (data) => (text += data));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, text }));
  });
}
