import { type Container, memoryLimitBytes } from "../../../model/container";
import { BackendError, type Report } from "../../backend";
import type { Engine } from "./engine";

/** @throws BackendError where the engine would run a sandbox unlimited, and not say so */
export function refuseWithoutLimits({ limits, address }: Engine): void {
  const missing = [!limits.memory && "memory", !limits.swap && "swap", !limits.pids && "processes"].filter(Boolean);
  if (missing.length === 0) return;
  throw new BackendError(
    "OC0000",
    `The Docker engine at ${address} cannot limit ${missing.join(" and ")}, so the sandbox would run unlimited`,
    "Use an engine on cgroup v2, with those controllers delegated to it if it is rootless; on cgroup v1, boot with cgroup_enable=memory swapaccount=1",
  );
}

export function warnOfLittleMemory({ memoryTotal }: Engine, { name, memoryLimit }: Container, report: Report): void {
  if (memoryTotal >= memoryLimitBytes[memoryLimit]) return;
  const gib = (memoryTotal / 2 ** 30).toFixed(1);
  report.warning(
    "OC0000",
    `${name}: memoryLimit ${memoryLimit} is more than the engine's host has (${gib} GiB): it may run out before the limit is reached`,
  );
}
