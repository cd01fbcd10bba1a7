import { rmSync } from "node:fs";
import { keyOf, reasonOf } from "../../../provider/lifecycle/journal/files";
import { isGoingOn } from "../../../provider/lifecycle/journal/process-mark";
import { CommandError, type Terminal } from "../command";
import type { Findings } from "./findings";
import { resourceOf } from "./words";

/**
 * Forgets one entry, and asks no backend anything: for a place that is gone for good.
 * @throws CommandError where there is no such entry, it is that of a run which goes on, or it cannot be removed
 */
export async function forget(key: string, { left }: Findings, { tell }: Terminal): Promise<void> {
  const found = left.find(({ file }) => keyOf(file) === key);
  if (!found)
    throw new CommandError(
      `There is no entry ${JSON.stringify(key)}: openai-containers doctor lists the entries there are.`,
    );
  const { file, entry } = found;
  if (await isGoingOn(entry))
    throw new CommandError(
      `${resourceOf(entry)}: kept. Its run goes on, as ${entry.engine} answers: wait for its end.`,
    );
  try {
    rmSync(file, { force: true });
  } catch (error) {
    throw new CommandError(`${resourceOf(entry)}: kept. ${file} cannot be removed: ${reasonOf(error)}`);
  }
  const what = entry.id ? `container ${entry.id}` : `a container ${JSON.stringify(entry.name)}`;
  tell(
    `${resourceOf(entry)}: forgotten. Nothing was asked or removed at ${entry.location}: if ${what} is there, no run of Pulumi finds\nit any more, and it stays until it is terminated for being idle, or you delete it.\n`,
  );
}
