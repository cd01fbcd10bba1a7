import type { Entry } from "../../../provider/lifecycle/journal";
import { isGoingOn } from "../../../provider/lifecycle/left-over";
import type { Terminal } from "../command";
import type { Findings } from "./findings";
import { entries, resourceOf } from "./words";

/** Says what is left and what to do about it. Asks no backend anything. */
export async function list({ left }: Findings, { tell }: Terminal): Promise<void> {
  const blocks = await Promise.all(left.map(({ entry }) => block(entry)));
  tell(`${entries(left.length)} of what runs of Pulumi began and did not settle:\n\n${blocks.join("\n")}\n${advice}`);
}

async function block(entry: Entry): Promise<string> {
  const { time, urn, program, backend, location, engine } = entry;
  return `${resourceOf(entry)}
  began      ${time}
  URN        ${urn}
  program    ${program}
  backend    ${backend}, at ${location}
  container  ${container(entry)}
  its run    ${(await isGoingOn(engine)) ? `goes on, as ${engine} answers` : "is over"}
`;
}

function container({ id, name, nameIsDrawn }: Entry): string {
  const named = `${JSON.stringify(name)}${nameIsDrawn ? ", drawn for it alone" : ", which the program chose"}`;
  return id ? `${id}, named ${named}` : `id not known; named ${named}`;
}

const advice = `Where a run is over, run \`pulumi up\` in the program's folder, with the stack that the URN names: it settles this by
itself. What no \`pulumi up\` can settle, such as that of a program that is gone: openai-containers doctor --clear
`;
