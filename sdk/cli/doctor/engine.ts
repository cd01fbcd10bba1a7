import { UnreachableError } from "../../../provider/backends/backend";
import type { Engine } from "../../../provider/backends/docker/engine/engine";
import type { Terminal } from "../command";
import { engineAtHand } from "../engine-at-hand";

/** Says what the engine that the environment names does not keep from sandboxes, if one answers. */
export async function tellOfEngine({ tell }: Terminal): Promise<void> {
  const engine = await found();
  if (engine?.opensVsock)
    tell(
      `\nThe Docker engine at ${engine.address} is older than 23, and may let code in sandboxes open AF_VSOCK sockets. If its host is a\nvirtual machine, these lead to services of its hypervisor: docs/allow-lists.md, "Limits".\n`,
    );
}

async function found(): Promise<Engine | undefined> {
  try {
    return await engineAtHand();
  } catch (error) {
    if (error instanceof UnreachableError) return undefined; // there need not be one
    throw error;
  }
}
