import type { ContainerInspectInfo } from "dockerode";
import { BackendError, type Warning } from "../../backend";
import type { Engine } from "./engine";

/**
 * Asserts that the engine has the runtime that a program names, as some engines ignore one that they do not have.
 * @throws BackendError
 */
export function requireRuntime({ address, runtimes }: Engine, runtime: string | undefined): void {
  if (runtime === undefined || runtimes.has(runtime)) return;
  const names = [...runtimes.keys()].toSorted().join(", ");
  throw new BackendError(
    "OC2613",
    `The Docker engine at ${address} does not have the runtime ${JSON.stringify(runtime)}: it has ${names || "reported none"}`,
    "Set docker.runtime to one of these or leave it out, or add the runtime to the engine's configuration (daemon.json, runtimes) and restart the engine",
  );
}

/**
 * Asserts that a new container has the runtime that its program names: Podman lists runtimes, and ignores the one of a request.
 * @throws BackendError
 */
export function assertRuntime(
  { address }: Engine,
  { HostConfig }: ContainerInspectInfo,
  runtime: string | undefined,
): void {
  if (runtime === undefined || HostConfig.Runtime === runtime) return;
  throw new BackendError(
    "OC2614",
    `The Docker engine at ${address} ignored the runtime ${JSON.stringify(runtime)}, so the sandbox was not started`,
    "Leave docker.runtime out, or use an engine that applies it, as Docker does and Podman does not",
  );
}

/** Whether a runtime gives each container a kernel of its own, as its name or its program tells. */
export function hasOwnKernel(runtime: string): boolean {
  return /gvisor|runsc|kata|firecracker/i.test(runtime);
}

/**
 * Warns of gVisor, where a sandbox never becomes idle: its watchdog finds new processes by the last number in
 * /proc/loadavg, which is always 0 there (google/gvisor#126).
 * @param runtime its name or its program
 */
export function idleExpiryWarnings(runtime: unknown): Warning[] {
  if (typeof runtime !== "string" || !/gvisor|runsc/i.test(runtime)) return [];
  const text =
    "docker.runtime: in gVisor a sandbox always counts as in use, so expiresAfter does not end it. Remove it by pulumi destroy, or choose another runtime";
  return [{ code: "OC2617", text }];
}

/** The name of the engine's default runtime. */
export function defaultRuntimeOf({ runtime }: Pick<Engine, "runtime">): string {
  return runtime.split(", ")[0] ?? "";
}

/** The runtime of a container as a program would name it, if it is not the engine's default. Podman reports none of its runtimes. */
export function runtimeOf(engine: Engine, { HostConfig }: ContainerInspectInfo): { runtime?: string } {
  const { Runtime: runtime } = HostConfig;
  const isNamed = runtime !== undefined && engine.runtimes.has(runtime) && runtime !== defaultRuntimeOf(engine);
  return isNamed ? { runtime } : {};
}
