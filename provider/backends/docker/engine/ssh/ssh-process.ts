import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";

export type SshProcess = ChildProcessWithoutNullStreams;

const hasGroups = process.platform !== "win32";
const graceMs = 1_000;

/**
 * Starts `ssh` in a session of its own, as the Docker client does: a Ctrl-C lets requests in progress finish, and nothing can
 * ask at the terminal. It ends with this process, at the end of its input.
 */
export function startSsh(args: readonly string[]): SshProcess {
  const child = spawn("ssh", args, { detached: hasGroups, windowsHide: true });
  // What it started may outlive it and hold its pipes, so that they never end.
  child.on("exit", () => signal(child, "SIGKILL"));
  return child;
}

/** Ends it with what it started, also where these ignore a signal and go on writing. */
export function endSsh(child: SshProcess): void {
  if (child.exitCode === null && child.signalCode === null) {
    signal(child, "SIGTERM");
    const grace = setTimeout(() => signal(child, "SIGKILL"), graceMs);
    child.once("exit", () => clearTimeout(grace));
  }
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
  child.unref();
}

/** Sends a signal to all processes of its session. */
function signal(child: SshProcess, name: "SIGTERM" | "SIGKILL"): void {
  if (child.pid === undefined) return; // it could not be started
  if (!hasGroups) return void child.kill(name);
  try {
    process.kill(-child.pid, name);
  } catch {
    // none of them is left
  }
}
