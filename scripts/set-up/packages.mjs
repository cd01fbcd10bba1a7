import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "./places.mjs";
import { run } from "./run.mjs";

/** @typedef {{ packages: Record<string, { version?: string, optional?: boolean, link?: boolean }> }} Lock */

/** The npm packages of this checkout's lock file. @param {import("./steps.mjs").Say} say */
export async function packages(say) {
  if (areInstalled()) return "already installed";
  say("npm ci");
  await run("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"], { cwd: checkout });
  return "installed";
}

/** Compiles the package, as the provider's process loads it. @param {import("./steps.mjs").Say} say */
export async function build(say) {
  say("tsc -b");
  await run(join(checkout, "node_modules", ".bin", "tsc"), ["-b", "tsconfig.build.json"], { cwd: checkout });
  return "compiled";
}

/** npm records the installed packages in a hidden lock file of the same format. */
function areInstalled() {
  const installed = join(checkout, "node_modules", ".package-lock.json");
  if (!existsSync(installed)) return false;
  const wanted = lock(join(checkout, "package-lock.json"));
  const found = lock(installed);
  return Object.entries(wanted).every(
    ([path, entry]) => path === "" || entry.link || entry.optional || found[path]?.version === entry.version,
  );
}

/** @param {string} file */
function lock(file) {
  /** @type {Lock} */
  const content = JSON.parse(readFileSync(file, "utf8"));
  return content.packages;
}
