import { spawnSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

interface Process {
  pid: number;
  parent: number;
  command: string;
}

/** The descendants of a process, parents before their children. */
export function descendants(root: number): Process[] {
  const { stdout } = spawnSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" });
  const all = stdout.split("\n").flatMap((line): Process[] => {
    const [, pid, parent, command = ""] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid && parent ? [{ pid: Number(pid), parent: Number(parent), command }] : [];
  });
  const found: Process[] = [];
  for (let parents = [root]; parents.length > 0; ) {
    const children = all.filter(({ parent }) => parents.includes(parent));
    found.push(...children);
    parents = children.map(({ pid }) => pid);
  }
  return found;
}

/** `kill -9` of a process and its descendants. */
export function killTree(root: number): void {
  kill(root, "SIGSTOP"); // so that it starts no process meanwhile, and stores no response of its children
  for (const pid of [root, ...descendants(root).map(({ pid }) => pid)]) kill(pid, "SIGKILL");
}

/** The process of Pulumi's host with this package's provider, if it has been started. */
export function providerOf(root: number): number | undefined {
  return descendants(root).find(({ command }) => /^\S*node \S*dynamic-provider/.test(command))?.pid;
}

export function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    const isGone = error instanceof Error && "code" in error && error.code === "ESRCH";
    if (!isGone) throw error;
  }
}

/** Waits for the end of a process that may not be a child of this one. */
export async function processEnd(pid: number): Promise<void> {
  for (;;) {
    const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
    if (stdout.trim() === "" || stdout.startsWith("Z")) return;
    await sleep(50);
  }
}

/** Waits for the end of all processes of a session. */
export async function sessionEnd(leader: number): Promise<void> {
  const pattern = new RegExp(`^\\s*${leader}\\s+[^Z\\s]`, "m");
  while (pattern.test(spawnSync("ps", ["-A", "-o", "sid=,stat="], { encoding: "utf8" }).stdout)) await sleep(50);
}
