import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { RunningCommand } from "./running-command";
import type { Ran, Stack } from "./stack";

const main = join(__dirname, "../../dist/sdk/cli/index.js");

/** Runs `openai-containers import` in a stack's folder, without a terminal. */
export function importInto(stack: Pick<Stack, "folder" | "env">, ...args: string[]): Promise<Ran> {
  return ended(spawned(stack, args));
}

/** Starts it, to be interrupted. */
export function startImport(stack: Pick<Stack, "folder" | "env">, ...args: string[]): RunningCommand {
  const child = spawned(stack, args);
  return new RunningCommand(child.pid ?? assert.fail(), ended(child), [child.stdout, child.stderr]);
}

function spawned({ folder, env }: Pick<Stack, "folder" | "env">, args: readonly string[]) {
  return spawn(process.execPath, [main, "import", ...args], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
}

function ended(child: ReturnType<typeof spawned>): Promise<Ran> {
  return new Promise((resolve, reject) => {
    let text = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (text += data));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, text }));
  });
}
