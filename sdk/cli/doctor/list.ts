import { type Entry, keyOf, type PendingEntry } from "../../../provider/lifecycle/journal/files";
import { isGoingOn } from "../../../provider/lifecycle/journal/process-mark";
import type { Terminal } from "../command";
import type { Findings } from "./findings";
import { entries, resourceOf } from "./words";

/** Says what is left and what to do about it. Asks no backend anything. */
export async function list({ left }: Findings, { tell }: Terminal): Promise<void> {
  const blocks = await Promise.all(left.map(block));
  tell(`${entries(left.length)} of what runs of Pulumi began and did not settle:\n\n${blocks.join("\n")}\n${advice}`);
}

async function block({ entry, file }: PendingEntry): Promise<string> {
  const { time, urn, program, backend, location, engine } = entry;
  return `${resourceOf(entry)}
  entry      ${keyOf(file)}
  began      ${time}
  URN        ${urn}
  program    ${program}
  backend    ${backend}, at ${location}
  container  ${container(entry)}
  its run    ${(await isGoingOn(entry)) ? `goes on, as ${engine} answers` : "is over"}
`;
}

function container({ id, name, nameIsDrawn, besides }: Entry): string {
  const named = `${JSON.stringify(name)}${nameIsDrawn ? ", drawn for it alone" : ", which the program chose"}`;
  if (id) return `${id}, named ${named}`;
  return `id not known; named ${named}${besides ? `; not ${besides}` : ""}`;
}

const advice = `Where a run is over, run \`pulumi up\` in the program's folder, with the stack that the URN names: it settles this by
itself. What no \`pulumi up\` can settle, such as that of a program that is gone: openai-containers doctor --clear
Of a place that is gone for good: openai-containers doctor --forget ENTRY
`;
