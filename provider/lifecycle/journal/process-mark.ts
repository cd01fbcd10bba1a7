import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { connect } from "node:net";

/** Identifies a process, also against later ones with the same number. */
export interface ProcessMark {
  pid: number;
  started: string;
}

/** @returns undefined where there is no such process, or the system does not report when it started */
export function processMark(pid: number): ProcessMark | undefined {
  const started = process.platform === "linux" ? startedOnLinux(pid) : startedByPs(pid);
  return started ? { pid, started } : undefined;
}

/** The id of the machine's boot, and the ticks from then to the start of the process. */
function startedOnLinux(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The fields follow the program's name, which may have brackets and spaces in it.
    const [state = "", ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if ("ZX".includes(state)) return undefined; // it has ended, and its parent has not reaped it
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()} ${fields[18]}`;
  } catch {
    return undefined;
  }
}

/** As BSDs and macOS report it, to the second. */
export function startedByPs(pid: number): string | undefined {
  const env = { ...process.env, LC_ALL: "C", TZ: "UTC" };
  try {
    const args = ["-o", "lstart=", "-p", String(pid)];
    return execFileSync("ps", args, { env, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return undefined; // no such process; or no such program, as on Windows
  }
}

/**
 * Whether a run of Pulumi still goes on: its provider is there, and its engine answers. An address alone may be another
 * engine's by now, and a provider alone may have outlived its engine.
 */
export async function isGoingOn(run: {
  engine?: string | undefined;
  process?: ProcessMark | undefined;
}): Promise<boolean> {
  if (run.process && processMark(run.process.pid)?.started !== run.process.started) return false;
  return answers(run.engine);
}

function answers(address: string | undefined): Promise<boolean> {
  const place = hostAndPort(address);
  if (!place) return Promise.resolve(false);
  return new Promise((resolve) => {
    const socket = connect({ ...place, timeout: 1_000 });
    const answer = (isThere: boolean) => () => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once("connect", answer(true)).once("error", answer(false)).once("timeout", answer(false));
  });
}

/** The place of an engine's address, `127.0.0.1:43211`. */
export function hostAndPort(address: string | undefined): { host: string; port: number } | undefined {
  const [, host, port] = /^(.+):(\d+)$/.exec(address ?? "") ?? [];
  return host && port ? { host, port: Number(port) } : undefined;
}
