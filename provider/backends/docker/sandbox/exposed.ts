import { BackendError } from "../../backend";
import type { Engine } from "../engine/engine";
import { failureStatus, failureText } from "../engine/engine-errors";
import { type Networked, networksOf } from "../engine/networks";

/**
 * Whether a sandbox has a network that is named after it: version 0.1 put those with an allow list on one with their
 * gateway, through which bytes could be sent to the engine's host.
 */
export function isOfEarlierDesign(id: string, container: Networked): boolean {
  return networksOf(container).includes(id);
}

/** Removes that network. What is gone already is no error. */
export async function removeNetwork({ client }: Engine, id: string): Promise<void> {
  await client
    .getNetwork(id)
    .remove()
    .catch((error: unknown) => {
      if (failureStatus(error) === 404) return;
      if (!/active endpoints|being used/.test(failureText(error))) throw error;
      throw new BackendError(
        "OC0000",
        `The network ${id} of a sandbox that is gone cannot be removed, as somebody connected other containers to it`,
        `\`docker network inspect ${id}\` lists them; take them off with \`docker network disconnect\`, and run this again`,
        { cause: error },
      );
    });
}
