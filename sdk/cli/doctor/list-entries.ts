import { type Entry, isGoingOn, keyOf, type PendingEntry } from "../../../provider/command-line";
import type { Output } from "../command";
import { resourceOf } from "./entry-text";

/** Lists pending entries, without any request to a backend. */
export async function listEntries(entries: readonly PendingEntry[], { stdout }: Output): Promise<void> {
  const blocks = await Promise.all(entries.map(block));
  const count = entries.length === 1 ? "1 pending entry" : `${entries.length} pending entries`;
  stdout(`${count}:\n\n${blocks.join("\n")}\n${advice}`);
}

async function block({ entry, file }: PendingEntry): Promise<string> {
  const { time, urn, program, location, engine } = entry;
  return `${resourceOf(entry)}
  entry      ${keyOf(file)}
  created    ${time}
  URN        ${urn}
  program    ${program}
  location   ${location}
  container  ${container(entry)}
  run        ${(await isGoingOn(entry)) ? `in progress: its Pulumi engine at ${engine} responds` : "ended"}
`;
}

function container({ id, name, nameIsDrawn, besides }: Entry): string {
  const named = `name ${JSON.stringify(name)} (${nameIsDrawn ? "auto-generated" : "set by the program"})`;
  if (id) return `${id}, ${named}`;
  return `id unknown, ${named}${besides ? `, other than ${besides}` : ""}`;
}

const advice = `If the run has ended, run \`pulumi up\` in the program's folder, with the stack that the URN names: it removes the
orphaned container and the entry.
If no \`pulumi up\` can do that, for example because the program is gone: openai-containers doctor --clear
If the account or engine is gone permanently: openai-containers doctor --forget ENTRY
`;
