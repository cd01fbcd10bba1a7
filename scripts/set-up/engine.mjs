import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { cacheFolder } from "./places.mjs";
import { connectAsProvider, engineSettings } from "./provider-engine.mjs";
import { ask, run } from "./run.mjs";
import { SetUpError } from "./steps.mjs";

const patience = 60_000; // ms for a started engine to answer
const packages = ["docker.io", "iptables"];

/**
 * Asks, on a terminal, before an engine is installed or started; elsewhere it says what will be done. Where an engine
 * answers there is nothing to ask, and where none may be had it says what to install.
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
    process.stdout.write(`  There is no Docker engine: going to ${plan}\n`);
    return;
  }
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await prompt.question(`  There is no Docker engine. May I ${plan}? [Y/n] `);
  prompt.close();
  if (!/^(y|yes|)$/i.test(answer.trim()))
    throw new SetUpError("A Docker engine is needed: start one, then run this again.");
}

/**
 * The Docker engine that the provider will find, installed and started where there is none.
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
    // An engine that somebody named, or one that refuses us, is theirs to mend.
    const mayStartOne = !settings.host && !settings.context && (code === "ENOENT" || code === "ECONNREFUSED");
    return { engine: undefined, mayStartOne, message: error.message };
  }
}

/** Debian's packages are installed on Debian's kin, by root. */
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
  say(`starting dockerd, which writes to ${log}`);
  if (existsSync("/run/systemd/system")) {
    await run("systemctl", ["start", "docker"]);
  } else {
    forgetDead("/var/run/docker.pid", "dockerd");
    forgetDead("/var/run/docker/containerd/containerd.pid", "containerd");
    const out = openSync(log, "a", 0o600);
    // In a session of its own, so that it outlives this one.
    spawn("dockerd", [], { detached: true, stdio: ["ignore", out, out] }).unref();
    closeSync(out);
  }
  for (const end = Date.now() + patience; Date.now() < end; await sleep(250)) {
    const { engine: started } = await connect();
    if (started) return `started, ${started.address}`;
  }
  throw new SetUpError(`dockerd was started and does not answer. See ${log}.`);
}

/**
 * Removes the file of an engine that crashed, whose process number may be somebody else's by now: the engine would take
 * that one for itself, and not start.
 * @param {string} file
 * @param {string} program
 */
function forgetDead(file, program) {
  if (!existsSync(file)) return;
  const comm = `/proc/${readFileSync(file, "utf8").trim()}/comm`;
  if (!existsSync(comm) || readFileSync(comm, "utf8").trim() !== program) rmSync(file);
}
