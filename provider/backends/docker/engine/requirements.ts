import { type Container, memoryLimitBytes } from "../../../model/container";
import { BackendError, type Report } from "../../backend";
import type { Engine } from "./engine";
import { hasOwnKernel } from "./runtimes";

/** @throws BackendError where the engine would run a sandbox without its limits, and report no error */
export function requireLimits({ limits, address }: Engine): void {
  const missing = [!limits.memory && "memory", !limits.swap && "swap", !limits.pids && "processes"].filter(Boolean);
  if (missing.length === 0) return;
  throw new BackendError(
    "OC2219",
    `The Docker engine at ${address} cannot limit ${missing.join(" and ")}: its sandboxes would run without limits`,
    "Use an engine on cgroup v2; delegate these controllers to it if it is rootless. On cgroup v1, boot with cgroup_enable=memory swapaccount=1",
  );
}

/**
 * Listeners that are created in a sandbox's network namespace are out of reach in a runtime with a network stack of its own.
 * @param own the sandbox's runtime, where its program names one
 * @throws BackendError for such an engine or sandbox, for which no allow list can be enforced
 */
export function requireHostKernel({ address, runtime, runtimes }: Engine, own = ""): void {
  const program = runtimes.get(own) ?? "";
  if (hasOwnKernel(`${own} ${program}`))
    throw new BackendError(
      "OC2615",
      `The runtime ${JSON.stringify(own)} (${program}) does not support allow lists: it gives each container a kernel of its own, in which no gateway can listen`,
      'Use networkPolicy {type: "disabled"}, or set docker.runtime to runc or crun',
    );
  if (!hasOwnKernel(runtime)) return;
  throw new BackendError(
    "OC2301",
    `The Docker engine at ${address} does not support allow lists: its default runtime (${runtime}) gives each container a kernel of its own, in which no gateway can listen`,
    'Use networkPolicy {type: "disabled"}, or an engine whose default runtime is runc or crun',
  );
}

export function warnOfLittleMemory({ memoryTotal }: Engine, { name, memoryLimit }: Container, report: Report): void {
  if (memoryTotal >= memoryLimitBytes[memoryLimit]) return;
  const gib = (memoryTotal / 2 ** 30).toFixed(1);
  report.warning(
    "OC2220",
    `${name}: memoryLimit ${memoryLimit} exceeds the memory of the Docker engine's host (${gib} GiB): processes may run out of memory below the limit. Use a smaller memoryLimit, or a host with more memory`,
  );
}
