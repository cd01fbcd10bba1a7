import { setTimeout as sleep } from "node:timers/promises";
import { at } from "../../provider/model/unknowns";
import { silent } from "../support/silent";
import type { LiveAccount } from "./live-account";

const attempts = 3;
const pauseMs = 2_000;

/**
 * Removes what a run has created, and reads each container once more: that it was deleted may be a lie.
 * @returns what could not be removed, a line each
 */
export async function removeAll(account: LiveAccount): Promise<string[]> {
  const { created } = account;
  await created.settled();
  const remaining: string[] = [];
  const backend = await account.openForRemoval();
  for (const creation of created.creations) {
    const { name, time, isUncertain } = creation;
    if (isUncertain) {
      // The names of a run are its own, so that every container of them is.
      await backend
        .removePending({ name, nameIsDrawn: true, time }, silent)
        .catch((error: Error) =>
          remaining.push(`one named ${JSON.stringify(name)}, if it was created: ${error.message}`),
        );
    }
    for (const id of creation.ids) {
      const problem = await remove(account, id).catch((error: unknown) => String(error));
      if (problem) remaining.push(`${id}: ${problem}`);
    }
  }
  return remaining;
}

/** @returns why it remains, if it does */
async function remove({ raw, created }: LiveAccount, id: string): Promise<string | undefined> {
  const path = `/containers/${id}`;
  let isDeleted = created.deleted.has(id);
  for (let attempt = 1; ; attempt += 1) {
    const answer = isDeleted ? 200 : (await raw.send("DELETE", path)).status;
    const { status, body } = await raw.send("GET", path);
    // An expired one has no data and costs nothing, whether or not its entry can be deleted.
    if (status === 404 || /^(deleted|expired)$/.test(String(at(body, "status")))) return undefined;
    if (attempt === attempts) return `DELETE was answered with HTTP ${answer}, and GET with HTTP ${status} then`;
    isDeleted = false;
    await sleep(pauseMs);
  }
}
