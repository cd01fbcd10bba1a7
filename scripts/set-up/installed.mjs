import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "./places.mjs";
import { run } from "./run.mjs";

/** The lowest version of Pulumi's SDK that package.json allows. */
export function lowestSdk() {
  /** @type {{ peerDependencies: Record<string, string> }} */
  const { peerDependencies } = JSON.parse(readFileSync(join(checkout, "package.json"), "utf8"));
  return /\d+\.\d+\.\d+/.exec(peerDependencies["@pulumi/pulumi"] ?? "")?.[0] ?? "";
}

/**
 * Packs this checkout as npm would publish it.
 * @param {string} folder where the tarball goes
 * @returns {Promise<string>} the tarball
 */
export async function pack(folder) {
  const printed = await run("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: checkout });
  return join(folder, printed.trim().split("\n").at(-1) ?? "");
}

/**
 * Installs the packed package with the lowest SDK, as npm does for a program. The folder may have an older installation.
 * @param {string} folder
 * @returns {Promise<string>} the folder's node_modules
 */
export async function installAtLowest(folder) {
  mkdirSync(folder, { recursive: true });
  const manifest = join(folder, "package.json");
  if (!existsSync(manifest)) writeFileSync(manifest, JSON.stringify({ private: true }));
  const specs = [await pack(folder), `@pulumi/pulumi@${lowestSdk()}`];
  const flags = ["--engine-strict", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund"];
  await run("npm", ["install", ...flags, "--prefix", folder, ...specs]);
  return join(folder, "node_modules");
}
