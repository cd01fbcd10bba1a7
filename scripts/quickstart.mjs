import { spawn } from "node:child_process";
import { join } from "node:path";
import { locked } from "./set-up/lock.mjs";
import { checkout, stateFolder } from "./set-up/places.mjs";
import { SetUpError } from "./set-up/steps.mjs";

/**
 * Runs a Pulumi command on the project at the root of this checkout, on this terminal.
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<void>}
 */
export function runPulumi(args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn("pulumi", args, { cwd: checkout, env, stdio: "inherit" });
    // A Ctrl-C reaches both: Pulumi ends what it has begun, and is waited for.
    const wait = () => {};
    process.on("SIGINT", wait);
    child.on("error", reject);
    child.on("close", (code, signal) => {
      process.off("SIGINT", wait);
      if (code === 0) resolve();
      else reject(new SetUpError(`pulumi ${args[0]} ended with ${signal ?? `code ${code}`}`));
    });
  });
}

/**
 * Runs the work while no other of this checkout's starts and stops does: Pulumi would refuse the second.
 * @param {() => Promise<void>} work
 */
export function onQuickstart(work) {
  const wait = () => process.stdout.write("Waiting for another start or stop of this checkout\n");
  return locked(join(stateFolder, "quickstart.lock"), wait, work);
}

/** Runs a script's main part: a message for people is printed as it is, anything else with its stack. @param {() => Promise<void>} work */
export async function main(work) {
  try {
    await work();
  } catch (error) {
    process.stderr.write(
      `\n${error instanceof SetUpError ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
    );
    process.exitCode = 1;
  }
}
