import { coded } from "../../../provider/codes";
import { type Engine, environmentEngine, UnreachableError } from "../../../provider/command-line";
import type { Output } from "../command";

/** Warns where the environment names an engine whose sandboxes may open AF_VSOCK sockets. */
export async function warnOfVsock({ stdout }: Output): Promise<void> {
  const engine = await reachableEngine();
  if (engine?.opensVsock) stdout(`\n${coded("OC5019", warning(engine.address))}\n`);
}

function warning(address: string): string {
  return `The Docker engine at ${address} is older than version 23 and may let code in sandboxes open AF_VSOCK sockets.
If its host is a virtual machine, these reach services of the hypervisor. Upgrade the engine: docs/allow-lists.md, "Limits".`;
}

async function reachableEngine(): Promise<Engine | undefined> {
  try {
    return await environmentEngine();
  } catch (error) {
    if (error instanceof UnreachableError) return undefined; // an engine is optional
    throw error;
  }
}
