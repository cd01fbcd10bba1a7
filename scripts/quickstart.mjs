import { spawn } from "node:child_process";
import { constants } from "node:os";
import { join } from "node:path";
import { locked } from "./set-up/lock.mjs";
import { rerunWithNode } from "./set-up/node.mjs";
import { checkout, stateFolder } from "./set-up/places.mjs";
import { SetUpError } from "./set-up/steps.mjs";

/**
 * Runs a command in this checkout, on this terminal.
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} its exit code as in a shell: after a signal, 128 and the number of the signal
 */
export function attached(command, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: checkout, env, stdio: "inherit" });
    // Ctrl-C signals both processes: wait until the command has finished its work.
    const wait = () => {};
    process.on("SIGINT", wait);
    child.on("error", reject);
    child.on("close", (code, signal) => {
      process.off("SIGINT", wait);
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0));
    });
  });
}

/**
 * Runs a Pulumi command on the project at the root of this checkout.
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
export async function runPulumi(args, env) {
  const code = await attached("pulumi", args, env);
  if (code !== 0) throw new SetUpError(`pulumi ${args[0]} exited with code ${code}.`);
}

/**
 * Runs the work while no other start or stop of this checkout does: Pulumi rejects concurrent updates of a stack.
 * @param {() => Promise<void>} work
 */
export function onQuickstart(work) {
  const wait = () => process.stdout.write("Waiting for another `npm start` or `npm stop` of this checkout\n");
  return locked(join(stateFolder, "quickstart.lock"), wait, work);
}

/**
 * Runs a script's main part with a version of Node that the project supports. Expected errors are printed without a stack
 * trace, all others with it.
 * @param {() => Promise<void>} work
 */
export async function main(work) {
  try {
    if (!(await rerunWithNode())) await work();
  } catch (error) {
    process.stderr.write(
      `\n${error instanceof SetUpError ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
    );
    process.exitCode = 1;
  }
}
