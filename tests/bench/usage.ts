import { existsSync, readFileSync } from "node:fs";
import type Docker from "dockerode";

/** How long the host's cores were busy since it started, and how long there was to be busy, in the same unit. */
export function cpuTime(): { busy: number; all: number } {
  const [, ...columns] = readFileSync("/proc/stat", "utf8").split(/\s+/, 9);
  const [user = 0, nice = 0, system = 0, idle = 0, wait = 0, irq = 0, softirq = 0, stolen = 0] = columns.map(Number);
  const busy = user + nice + system + irq + softirq;
  return { busy, all: busy + idle + wait + stolen };
}

/**
 * The memory of a container's first process and of what that started, in bytes. What several processes of the host have
 * in common, such as a library's code, counts in equal shares.
 */
export function memoryOf(first: number, containerId: string): number {
  const cgroup = `/proc/${first}/cgroup`;
  if (!existsSync(cgroup) || !readFileSync(cgroup, "utf8").includes(containerId)) {
    throw new Error(`Process ${first} of the engine's host is not in /proc here: run this on the host of the engine`);
  }
  const children = readFileSync(`/proc/${first}/task/${first}/children`, "utf8").split(" ").filter(Boolean);
  return children.reduce((sum, child) => sum + shareIfThere(child), shareOf(first));
}

function shareOf(pid: number | string): number {
  const [, kilobytes] = /^Pss: +(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8")) ?? [];
  return Number(kilobytes) * 1024;
}

/** A watchdog's `sleep` may end at any moment. */
function shareIfThere(pid: string): number {
  try {
    return shareOf(pid);
  } catch {
    return 0;
  }
}

/** What the kernel counts of each container; reading it runs nothing inside. */
export function statsOf(containers: Docker.Container[]): Promise<Docker.ContainerStats[]> {
  // All at once: an engine collects once a second, and lets each request wait for that.
  return Promise.all(containers.map((container) => container.stats({ stream: false, "one-shot": true })));
}

/** How much of all cores the containers took from one time to the other, in percent. */
export function cpuShare(before: Docker.ContainerStats[], now: Docker.ContainerStats[]): number {
  const shares = now.map(({ read, cpu_stats: { cpu_usage: usage, online_cpus: cores } }, index) => {
    const earlier = before[index];
    if (!earlier) throw new Error(`A container was not there at ${read}`);
    const used = (usage.total_usage - earlier.cpu_stats.cpu_usage.total_usage) / 1e6; // ms
    return (100 * used) / (Date.parse(read) - Date.parse(earlier.read)) / cores;
  });
  return shares.reduce((sum, share) => sum + share, 0);
}
