import type { Engine } from "./engine";
import { failureStatus } from "./failure";
import { isImproperState } from "./podman";
import { polls } from "./polling";

const concurrentRemovalTimeoutMs = 60_000;

/**
 * Removes a container with its volumes. One that does not exist is no error. A removal by somebody else is waited for, as an
 * engine responds 409 to the second one (`removal of container … is already in progress`). Podman cannot remove one that ends at
 * this moment.
 * @throws the client's error, which `explain` turns into a BackendError
 */
export async function removeContainer({ client }: Engine, name: string): Promise<void> {
  let refusal: unknown;
  for await (const _ of polls(concurrentRemovalTimeoutMs)) {
    try {
      return await client.getContainer(name).remove({ force: true, v: true });
    } catch (error) {
      const status = failureStatus(error);
      if (status === 404) return;
      if (status !== 409 && !isImproperState(error)) throw error;
      refusal = error;
    }
  }
  throw refusal;
}
