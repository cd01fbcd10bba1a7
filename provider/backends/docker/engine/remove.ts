import type { Engine } from "./engine";
import { failureStatus } from "./engine-errors";
import { looks } from "./polling";

const patience = 60_000; // ms for somebody else's removal to come to its end

/**
 * Removes a container with its volumes. What is gone already is no error; what somebody else is removing is waited for,
 * as an engine answers 409 to the second one (`removal of container … is already in progress`).
 */
export async function removeContainer({ client }: Engine, name: string): Promise<void> {
  let refusal: unknown;
  for await (const _ of looks(patience)) {
    try {
      return await client.getContainer(name).remove({ force: true, v: true });
    } catch (error) {
      const status = failureStatus(error);
      if (status === 404) return;
      if (status !== 409) throw error;
      refusal = error;
    }
  }
  throw refusal;
}
