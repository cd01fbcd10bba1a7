import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "./places.mjs";
import { run } from "./run.mjs";

/** @typedef {{ packages: Record<string, { version?: string, optional?: boolean, link?: boolean }> }} Lock */

/** npm's packages of this checkout, as its lock file says. @param {import("./steps.mjs").Say} say */
export async function packages(say) {
  if (areInstalled()) return "already there";
  say("npm ci");
  await run("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"], { cwd: checkout });
  return "installed";
}

/** The compiled package, which the provider's process loads. @param {import("./steps.mjs").Say} say */
export async function build(say) {
  say("tsc -b");
  await run(join(checkout, "node_modules", ".bin", "tsc"), ["-b", "tsconfig.build.json"], { cwd: checkout });
  return "compiled";
}

/** npm writes what it has installed into a hidden lock file of the same form. */
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
