import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder, checkout } from "./places.mjs";
import { buildPulumi } from "./pulumi-from-go.mjs";
import { ask, run } from "./run.mjs";

const wrapperVersion = "3.265.0"; // of npm's package `pulumi`, which downloads the release of the same number

const built = join(cacheFolder, "pulumi", "bin");
const downloadHome = join(cacheFolder, "pulumi-home");
const downloaded = join(downloadHome, "versions", wrapperVersion, "bin");

/**
 * Finds Pulumi's command line, or gets one: on PATH, built or downloaded earlier, by npm's wrapper, from Go modules.
 * @param {import("./steps.mjs").Say} say
 * @returns {Promise<{ bin: string | undefined, version: string }>} the folder to put on PATH, if it is not there
 */
export async function pulumi(say) {
  say("looking for one");
  const found = (await at(undefined)) ?? (await at(downloaded)) ?? (await at(built));
  if (found) return found;

  say("asking npm's pulumi package to download it");
  const download = (await hasDownloaded()) ? await at(downloaded) : undefined;
  if (download) return download;

  // The host of dynamic providers is a script that ships with the SDK and looks for it in the program's own folder.
  const host = "pulumi-resource-pulumi-nodejs";
  mkdirSync(built, { recursive: true });
  copyFileSync(join(checkout, "node_modules", "@pulumi", "pulumi", host), join(built, host));
  await buildPulumi(built, say);
  const made = await at(built);
  if (made) return made;
  throw new Error(`the Pulumi that was built in ${built} does not run`);
}

/** @param {string | undefined} bin */
async function at(bin) {
  const command = bin ? join(bin, "pulumi") : "pulumi";
  if (bin && !existsSync(command)) return undefined;
  const version = await ask(command, ["version"], { PULUMI_SKIP_UPDATE_CHECK: "true" });
  return version === undefined ? undefined : { bin, version: version.trim() };
}

async function hasDownloaded() {
  const prefix = join(cacheFolder, "pulumi-npm");
  try {
    await run("npm", ["install", "--no-audit", "--no-fund", "--prefix", prefix, `pulumi@${wrapperVersion}`]);
  } catch {
    return false;
  }
  const wrapper = join(prefix, "node_modules", "pulumi", "run.js");
  return (
    (await ask("node", [wrapper, "version"], { PULUMI_HOME: downloadHome, PULUMI_VERSION: wrapperVersion })) !==
    undefined
  );
}
