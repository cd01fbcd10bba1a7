import { rmSync } from "node:fs";
import { type Code, coded } from "../../../provider/codes";
import { type Entry, isGoingOn, type PendingEntry, reasonOf, removeNamed } from "../../../provider/command-line";
import { CommandError, type Output } from "../command";
import { resourceOf } from "./entry-text";
import { EnvironmentBackends } from "./environment-backends";

/**
 * Removes the containers of ended runs, each before its entry, so that a kill at any moment loses nothing.
 * @throws CommandError where an entry was kept
 */
export async function clearEntries(entries: readonly PendingEntry[], { stdout, stderr }: Output): Promise<void> {
  if (entries.some(({ entry }) => entry.id !== undefined)) stdout(`${warning}\n\n`);
  const backends = new EnvironmentBackends();
  let kept = 0;
  for (const { entry, file } of entries) {
    const print = (text: string) => stdout(`${resourceOf(entry)}: ${text}\n`);
    const warn = (code: Code, text: string) => print(coded(code, text));
    if (await isGoingOn(entry)) {
      print(`skipped, as its run is in progress: its Pulumi engine at ${entry.engine} responds.`);
      continue;
    }
    try {
      const backend = await backends.of(entry);
      const candidates = await removeNamed(entry, backend, { progress: print, warning: warn, runWarning: warn });
      rmSync(file, { force: true });
      print(`${outcome(entry, candidates)} Its entry was removed.`);
    } catch (error) {
      kept += 1;
      stderr(`${coded("OC5014", `The entry of ${resourceOf(entry)} was kept: ${reasonOf(error)}`)}\n`);
    }
  }
  if (kept > 0)
    throw new CommandError(
      "OC5015",
      `Entries kept: ${kept} of ${entries.length}`,
      "Set the environment variables of their accounts and engines, and run this command again; a stack's configuration is not read. If an account or engine is gone permanently: openai-containers doctor --forget ENTRY",
    );
}

const warning = coded(
  "OC5016",
  `If a run was killed just after it stored a container, the container is in a stack's state:
once it is removed here, that stack creates a new one at its next \`pulumi up\`. Prefer \`pulumi up\`, which keeps it.`,
);

function outcome({ id, name, nameIsDrawn, location, besides }: Entry, candidates: string[]): string {
  if (id) return `container ${id} is gone from ${location}.`;
  if (candidates.length > 0) return "no container was removed.";
  if (!nameIsDrawn) return `its run created no container named ${JSON.stringify(name)} at ${location}.`;
  const other = besides ? ` other than ${besides}` : "";
  return `no container named ${JSON.stringify(name)}${other} exists at ${location}.`;
}
