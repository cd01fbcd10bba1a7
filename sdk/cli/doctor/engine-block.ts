import { BackendError } from "../../../provider/backends/backend";
import { type Engine, requireHostKernel } from "../../../provider/command-line";

/**
 * What an engine is, and what it enforces.
 * @param engines the same engine, once for each address at which it responds
 * @param used the engine that is used, which may be another
 */
export function engineBlock(engines: readonly Engine[], used: Engine | undefined): string {
  const [engine] = engines;
  if (!engine) return "";
  const { product, apiVersion, platform, cgroupVersion, storageDriver, isRootless } = engine.description;
  const rows: [what: string, value: string][] = [
    ["address", [...new Set(engines.map(({ address }) => address))].join(", ")],
    ["location", engine.location],
    ["API", apiVersion],
    ["platform", platform],
    ["cgroups", `version ${cgroupVersion}`],
    ["rootless", isRootless ? "yes" : "no"],
    ["storage driver", storageDriver],
    ["runtimes", runtimes(engine)],
    ["memory limit", limit(engine.limits.memory)],
    ["swap limit", limit(engine.limits.swap)],
    ["process limit", limit(engine.limits.pids)],
    ["read-only root", "enforced"],
    ["no network", "enforced: a sandbox has loopback only, also with an allow list"],
    ["allow lists", allowLists(engine)],
    ["AF_VSOCK", engine.opensVsock ? "not denied to sandboxes (OC5019)" : "denied to sandboxes"],
  ];
  const lines = rows.map(([what, value]) => `  ${what.padEnd(16)}${value}\n`);
  return `${product}${used?.location === engine.location ? " (used)" : ""}\n${lines.join("")}`;
}

function limit(isEnforced: boolean): string {
  return isEnforced ? "enforced" : "not enforced, so the engine is rejected (OC2219)";
}

function runtimes({ runtimes: programs, runtime }: Engine): string {
  const [name] = runtime.split(", ");
  return [...programs.keys()].map((each) => (each === name ? `${each} (default)` : each)).join(", ");
}

function allowLists(engine: Engine): string {
  try {
    requireHostKernel(engine);
    return "enforced by an egress gateway";
  } catch (error) {
    if (error instanceof BackendError) return `not supported: ${error.message}`;
    throw error;
  }
}
