import { rmSync } from "node:fs";
import { isGoingOn, keyOf, type PendingEntry, reasonOf } from "../../../provider/command-line";
import { CommandError, type Output } from "../command";
import { resourceOf } from "./entry-text";

/**
 * Removes one entry, without any request to a backend: for an account or engine that is gone permanently.
 * @throws CommandError where there is no such entry, its run is in progress, or its file cannot be removed
 */
export async function forgetEntry(key: string, entries: readonly PendingEntry[], { stdout }: Output): Promise<void> {
  const found = entries.find(({ file }) => keyOf(file) === key);
  if (!found)
    throw new CommandError(
      "OC5012",
      `There is no entry ${JSON.stringify(key)}`,
      "Run `openai-containers doctor` to list the entries",
    );
  const { file, entry } = found;
  const resource = resourceOf(entry);
  if (await isGoingOn(entry))
    throw new CommandError(
      "OC5013",
      `The entry of ${resource} was kept, as its run is in progress: its Pulumi engine at ${entry.engine} responds`,
      "Wait for the end of that run",
    );
  try {
    rmSync(file, { force: true });
  } catch (error) {
    throw new CommandError(
      "OC5018",
      `The entry of ${resource} cannot be removed: ${reasonOf(error)}`,
      `Make the folder of ${file} writable for the current user, and run this command again`,
    );
  }
  const container = entry.id ? `container ${entry.id}` : `a container named ${JSON.stringify(entry.name)}`;
  stdout(`${resource}: its entry was removed, without any request to ${entry.location}. If ${container} exists there,
no run of Pulumi finds it any more: it stays until it is terminated after its idle minutes, or you delete it.
`);
}
