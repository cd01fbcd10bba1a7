import type Docker from "dockerode";
import type { ContainerInspectInfo } from "dockerode";
import { BackendError } from "../../backend";
import { failureStatus } from "../engine/failure";
import { printedLine } from "../engine/log-frames";
import { polls } from "../engine/polling";
import { idleTimeOf } from "./idle-time";
import { readyLine } from "./watchdog";

const readyTimeoutMs = 30_000;

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
