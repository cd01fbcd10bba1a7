import type { Engine } from "./engine";
import { failureStatus } from "./engine-errors";

/** Removes a container with its volumes. What is gone already is no error, nor is somebody else's removal of it. */
export async function removeContainer({ client }: Engine, name: string): Promise<void> {
  try {
    await client.getContainer(name).remove({ force: true, v: true });
  } catch (error) {
    const status = failureStatus(error);
    if (status !== 404 && status !== 409) throw error;
  }
}
