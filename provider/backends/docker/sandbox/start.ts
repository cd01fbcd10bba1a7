import { basename } from "node:path";
import type Docker from "dockerode";
import type { ContainerInspectInfo } from "dockerode";
import { BackendError } from "../../backend";
import { archiveOf } from "../engine/archive";
import { failureStatus } from "../engine/engine-errors";
import { nobody } from "../engine/hardening";
import { printedLine } from "../engine/log-frames";
import { looks } from "../engine/polling";
import { dataFolder, dataVolume } from "./container-spec";
import { idleTimeOf } from "./idle-time";
import { readyLine } from "./watchdog";

const patience = 30_000; // ms for a first process to say that it runs

/** Makes the data folder the sandbox user's. A fresh volume is root's, and nothing inside may give it away. */
export async function giveDataFolder(sandbox: Docker.Container): Promise<void> {
  await sandbox.putArchive(await dataArchive(), { path: dataVolume });
}

export function dataArchive(): Promise<Buffer> {
  // A folder in the volume, as engines leave the owner of an archive's top folder (`./`) as it is.
  return archiveOf([], [{ name: basename(dataFolder), type: "directory", mode: 0o755, ...nobody }]);
}

/** Starts what is not running, and waits until its first process says that it watches. */
export async function start(sandbox: Docker.Container): Promise<ContainerInspectInfo> {
  let ranBefore = false;
  await sandbox.start().catch((error: unknown) => {
    if (failureStatus(error) !== 304) throw error;
    ranBefore = true;
  });
  let what = "does not come up";
  for await (const _ of looks(patience)) {
    const inspected = await sandbox.inspect();
    const { Running: isRunning, FinishedAt: endedBefore, ExitCode: code } = inspected.State;
    if (isRunning && (await saidSince(endedBefore, sandbox)).includes(readyLine)) return inspected;
    // Of what ran before, the beginning of the log may be lost, as that is kept short: so it is asked.
    if (isRunning && ranBefore && (await idleTimeOf(sandbox, 1_000))) return inspected;
    if (isRunning) continue;
    what = `ended at once, with exit code ${code}`;
    break;
  }
  throw new BackendError(
    "OC0000",
    `The sandbox's first process ${what} (${(await saidSince("", sandbox)).slice(-500) || "it said nothing"})`,
    "Its image must be for the engine's kind of processor and have a POSIX shell at /bin/sh, `sleep` and `rm`",
  );
}

/** What a sandbox's first process has printed, on one line. */
async function saidSince(time: string, sandbox: Docker.Container): Promise<string> {
  const since = Math.max(0, Date.parse(time) / 1000 || 0);
  return printedLine(await sandbox.logs({ stdout: true, stderr: true, since }));
}
