import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { SetUpError } from "./steps.mjs";

const kept = 15; // last lines shown when a command fails

/**
 * Runs a command quietly: its lines go to `onLine`, and the last ones into the error if it fails.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, onLine?: (line: string) => void }} [options]
 * @returns {Promise<string>} what it printed on its standard output
 */
export function run(command, args, { cwd, env, onLine } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    /** @type {string[]} */
    const printed = [];
    /** @type {string[]} */
    const last = [];
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        if (stream === child.stdout) printed.push(line);
        if (last.push(line) > kept) last.shift();
        onLine?.(line);
      });
    }
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (code === 0) return resolve(printed.join("\n"));
      reject(
        new SetUpError(`${[command, ...args].join(" ")} ended with ${signal ?? `code ${code}`}:\n${last.join("\n")}`),
      );
    });
  });
}

/**
 * The same for a question: what the command printed, or undefined where it is missing or fails.
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
