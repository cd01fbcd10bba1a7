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
 * Finds Pulumi's command line on PATH or in the cache, or downloads it with npm's wrapper, or builds it from Go modules.
 * @param {import("./steps.mjs").Say} say
 * @returns {Promise<{ bin: string | undefined, version: string }>} the folder to add to PATH, unless the command is on it
 */
export async function pulumi(say) {
  say("searching PATH and the cache");
  const found = (await at(undefined)) ?? (await at(downloaded)) ?? (await at(built));
  if (found) return found;

  say("downloading it with npm's pulumi package");
  const download = (await hasDownloaded()) ? await at(downloaded) : undefined;
  if (download) return download;

  // The host of dynamic providers is a script of the SDK; it resolves the SDK from the program's folder.
  const host = "pulumi-resource-pulumi-nodejs";
  mkdirSync(built, { recursive: true });
  copyFileSync(join(checkout, "node_modules", "@pulumi", "pulumi", host), join(built, host));
  await buildPulumi(built, say);
  const made = await at(built);
  if (made) return made;
  throw new Error(`The Pulumi command line built in ${built} does not run`);
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
