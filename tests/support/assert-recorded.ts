import assert from "node:assert/strict";
import type Docker from "dockerode";
import { DockerBackend } from "../../provider/backends/docker/docker-backend";
import type { Emulator } from "../../sdk/emulator";
import { assertNothingLeft, containersNamed, engine } from "./docker";

/**
 * Deletes the containers of a stack as the provider does. Fails if the engine or the emulator has a container that is not
 * in state, or parts of a deleted one.
 */
export async function assertRecorded(
  holder: Docker | Pick<Emulator, "containers">,
  prefix: string,
  inState: readonly string[],
): Promise<void> {
  if ("containers" in holder) {
    const there = holder.containers().map(({ id }) => id);
    return assertKnown(there, inState);
  }
  try {
    const there = await containersNamed(holder, prefix);
    const backend = new DockerBackend(await engine());
    await Promise.all(there.map((id) => backend.delete(id)));
    assertKnown(there, inState);
  } finally {
    await assertNothingLeft(holder, prefix);
  }
}

function assertKnown(there: readonly string[], inState: readonly string[]): void {
  assert.deepEqual(
    there.filter((id) => !inState.includes(id)),
    [],
    "not in state",
  );
}
