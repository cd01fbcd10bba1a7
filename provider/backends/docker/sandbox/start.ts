import { basename } from "node:path";
import type Docker from "dockerode";
import type { ContainerInspectInfo } from "dockerode";
import { BackendError } from "../../backend";
import { archiveOf } from "../engine/archive";
import { failureStatus } from "../engine/failure";
import { nobody } from "../engine/hardening";
import { printedLine } from "../engine/log-frames";
import { polls } from "../engine/polling";
import { dataFolder, dataVolume } from "./container-spec";
import { idleTimeOf } from "./idle-time";
import { readyLine } from "./watchdog";

const readyTimeoutMs = 30_000;

/** Creates the data folder, owned by the sandbox's user. A new volume is root's, and nothing inside may change that. @throws the client's error */
export async function createDataFolder(sandbox: Docker.Container): Promise<void> {
  await sandbox.putArchive(await dataArchive(), { path: dataVolume });
}

export function dataArchive(): Promise<Buffer> {
  // A folder in the volume, as engines keep the owner of the folder that an archive is extracted to (`./`).
  return archiveOf([], [{ name: basename(dataFolder), type: "directory", mode: 0o755, ...nobody }]);
}

/**
 * Starts a sandbox, unless it runs, and waits until its watchdog reports that it is ready.
 * @throws BackendError where it does not, and the client's error
 */
export async function start(sandbox: Docker.Container): Promise<ContainerInspectInfo> {
  let ranBefore = false;
  await sandbox.start().catch((error: unknown) => {
    if (failureStatus(error) !== 304) throw error;
    ranBefore = true;
  });
  let what = `is not ready after ${readyTimeoutMs / 1000} s`;
  for await (const _ of polls(readyTimeoutMs)) {
    const inspected = await sandbox.inspect();
    const { Running: isRunning, FinishedAt: endedBefore, ExitCode: code } = inspected.State;
    if (isRunning && (await outputSince(endedBefore, sandbox)).includes(readyLine)) return inspected;
    // A sandbox that ran before may have rotated that line out of its short log, so its watchdog gets a signal.
    if (isRunning && ranBefore && (await idleTimeOf(sandbox, 1_000))) return inspected;
    if (isRunning) continue;
    what = `ended at once with exit code ${code}`;
    break;
  }
  throw new BackendError(
    "OC2221",
    `The sandbox's watchdog ${what}: ${(await outputSince("", sandbox)).slice(-500) || "it has no output"}`,
    "Use an image for the engine's CPU architecture, with a POSIX shell at /bin/sh, `sleep` and `rm`",
  );
}

/** The output of a sandbox's watchdog, on one line. */
async function outputSince(time: string, sandbox: Docker.Container): Promise<string> {
  const since = Math.max(0, Date.parse(time) / 1000 || 0);
  return printedLine(await sandbox.logs({ stdout: true, stderr: true, since }));
}
