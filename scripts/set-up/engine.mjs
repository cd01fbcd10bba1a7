import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { cacheFolder } from "./places.mjs";
import { connectAsProvider, engineSettings } from "./provider-engine.mjs";
import { ask, run } from "./run.mjs";
import { SetUpError } from "./steps.mjs";

const startTimeout = 60_000; // ms for a started engine to answer
const packages = ["docker.io", "iptables"];

/**
 * Asks for consent on a terminal before an engine is installed or started; without a terminal it prints the plan. Does
 * nothing where an engine responds.
 * @throws SetUpError where no engine can be installed or started
 */
export async function agreeToEngine() {
  const found = await connect();
  if (found.engine) return;
  if (!found.mayStartOne) throw new SetUpError(found.message);
  if (!mayAptInstall()) {
    throw new SetUpError(
      `${found.message}\nInstall Docker (https://docs.docker.com/engine/install/) or Podman and start it, then run this again.`,
    );
  }
  const plan = (await isInstalled())
    ? "start the Docker engine (dockerd)"
    : `install Docker's engine (apt-get install ${packages.join(" ")}) and start it`;
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    process.stdout.write(`  No Docker engine was found. Next: ${plan}\n`);
    return;
  }
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await prompt.question(`  No Docker engine was found. ${capitalized(plan)}? [Y/n] `);
  prompt.close();
  if (!/^(y|yes|)$/i.test(answer.trim()))
    throw new SetUpError("A Docker engine is required. Start one, then run this again.");
}

/** @param {string} text */
function capitalized(text) {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/**
 * The Docker engine that the provider will find. It is installed and started where there is none.
 * @param {import("./steps.mjs").Say} say
 */
export async function engine(say) {
  const { engine: found } = await connect();
  if (found) return found.address;
  if (!(await isInstalled())) await aptInstall(packages, say);
  return start(say);
}

async function isInstalled() {
  return (await ask("dockerd", ["--version"])) !== undefined;
}

async function connect() {
  const settings = await engineSettings();
  try {
    return { engine: await connectAsProvider(), mayStartOne: false, message: "" };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const code = error.cause instanceof Error && "code" in error.cause ? error.cause.code : undefined;
    // An engine that the user configured, or one that denies access, is not started or changed here.
    const mayStartOne = !settings.host && !settings.context && (code === "ENOENT" || code === "ECONNREFUSED");
    return { engine: undefined, mayStartOne, message: error.message };
  }
}

/** Whether this process can install Debian packages: as root, on Debian and its derivatives. */
export function mayAptInstall() {
  return process.platform === "linux" && process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");
}

/** @param {string[]} names @param {import("./steps.mjs").Say} say */
export async function aptInstall(names, say) {
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  say("apt-get update");
  await run("apt-get", ["update"], { env });
  say(`apt-get install ${names.join(" ")}`);
  await run("apt-get", ["install", "-y", "--no-install-recommends", ...names], { env });
}

/** @param {import("./steps.mjs").Say} say */
async function start(say) {
  const log = join(cacheFolder, "dockerd.log");
  say(`starting dockerd, with its log in ${log}`);
  if (existsSync("/run/systemd/system")) {
    await run("systemctl", ["start", "docker"]);
  } else {
    removeStalePidFile("/var/run/docker.pid", "dockerd");
    removeStalePidFile("/var/run/docker/containerd/containerd.pid", "containerd");
    const out = openSync(log, "a", 0o600);
    // In its own session, so that it outlives this process.
    spawn("dockerd", [], { detached: true, stdio: ["ignore", out, out] }).unref();
    closeSync(out);
  }
  for (const end = Date.now() + startTimeout; Date.now() < end; await sleep(250)) {
    const { engine: started } = await connect();
    if (started) return `started, ${started.address}`;
  }
  throw new SetUpError(`dockerd was started, but does not respond. See its log: ${log}.`);
}

/**
 * Removes the pid file of a crashed engine: if another process has that pid by now, dockerd takes it for a running engine and
 * does not start.
 * @param {string} file
 * @param {string} program
 */
function removeStalePidFile(file, program) {
  if (!existsSync(file)) return;
  const comm = `/proc/${readFileSync(file, "utf8").trim()}/comm`;
  if (!existsSync(comm) || readFileSync(comm, "utf8").trim() !== program) rmSync(file);
}
