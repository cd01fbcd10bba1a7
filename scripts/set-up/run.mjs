import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { cacheFolder } from "./places.mjs";
import { SetUpError } from "./steps.mjs";

const shown = 15; // last lines of a failed command; the log file has all
const log = join(cacheFolder, "failed-command.log");

/**
 * Runs a command without printing its output: each line is passed to `onLine`, and the last lines are part of the error if
 * it fails.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, onLine?: (line: string) => void }} [options]
 * @returns {Promise<string>} its stdout
 */
export function run(command, args, { cwd, env, onLine } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    /** @type {string[]} */
    const printed = [];
    /** @type {string[]} */
    const all = [];
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        if (stream === child.stdout) printed.push(line);
        all.push(line);
        onLine?.(line);
      });
    }
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (code === 0) return resolve(printed.join("\n"));
      writeFileSync(log, `${all.join("\n")}\n`);
      const what = `${[command, ...args].join(" ")} exited with ${signal ?? `code ${code}`}`;
      reject(new SetUpError(`${what}:\n${all.slice(-shown).join("\n")}\nIts complete output is in ${log}.`));
    });
  });
}

/**
 * The stdout of a command, or undefined where it is not installed or fails.
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
export async function ask(command, args, env) {
  try {
    return await run(command, args, env ? { env } : {});
  } catch {
    return undefined;
  }
}
