import { rmSync } from "node:fs";
import { backendKinds } from "../../../provider/backends";
import { type Backend, BackendError, type BackendKind } from "../../../provider/backends/backend";
import { settingSources } from "../../../provider/config";
import { type Entry, reasonOf } from "../../../provider/lifecycle/journal/files";
import { removeNamed } from "../../../provider/lifecycle/journal/orphans";
import { isGoingOn } from "../../../provider/lifecycle/journal/process-mark";
import type { BackendName } from "../../../provider/model/container";
import { CommandError, type Terminal } from "../command";
import type { Findings } from "./findings";
import { entries, resourceOf } from "./words";

const warning = `Prefer \`pulumi up\`. A container with an id may be in a stack's state, if its run was killed just after it was stored:
\`pulumi up\` would settle that and keep it, and once it is removed here, that stack makes a new one at its next \`up\`.

`;

/**
 * Removes what entries of runs that are over name, and then each entry. A kill at any moment loses nothing.
 * @throws CommandError where some had to be kept
 */
export async function clear({ left }: Findings, { tell, complain }: Terminal): Promise<void> {
  if (left.some(({ entry }) => entry.id !== undefined)) tell(warning);
  const places = new Places();
  let kept = 0;
  for (const { entry, file } of left) {
    const say = (text: string) => tell(`${resourceOf(entry)}: ${text}\n`);
    if (await isGoingOn(entry)) {
      say(`left as it is: its run goes on, as ${entry.engine} answers.`);
      continue;
    }
    try {
      const backend = await places.of(entry);
      const candidates = await removeNamed(entry, backend, { progress: say, warning: say, runWarning: say });
      rmSync(file, { force: true });
      say(outcome(entry, candidates));
    } catch (error) {
      kept += 1;
      complain(`${resourceOf(entry)}: kept. ${reasonOf(error)}\n`);
    }
  }
  if (kept > 0) throw new CommandError(`${entries(kept)} of ${left.length} kept. ${onlyEnvironment}`);
}

const onlyEnvironment =
  "This command finds accounts and engines by the environment, not by a stack's configuration. Of a place that is gone for good: openai-containers doctor --forget ENTRY.";

function outcome({ id, name, nameIsDrawn, location, besides }: Entry, candidates: string[]): string {
  if (id) return `container ${id} is gone from ${location}, and its entry is cleared.`;
  if (nameIsDrawn) {
    const nothing = besides ? `nothing but ${besides}` : "nothing";
    return `${nothing} named ${JSON.stringify(name)} is left at ${location}, and its entry is cleared.`;
  }
  if (candidates.length > 0) return "nothing was removed, and its entry is cleared.";
  return `nothing named ${JSON.stringify(name)} was made by it at ${location}, and its entry is cleared.`;
}

/** What the environment points at. Each place is opened once. */
class Places {
  private readonly opened = new Map<BackendName, Promise<Backend>>();

  /** @throws BackendError where the environment points at another place than the entry's */
  async of({ backend: name, location }: Entry): Promise<Backend> {
    const backend = await this.open(name, backendKinds[name]);
    if (backend.location === location) return backend;
    throw new BackendError(
      "OC0000",
      `It is at ${location}, and the environment points at ${backend.location}`,
      `Point at the first with ${backend.locationSettings.environment}, and run this again`,
    );
  }

  private open(name: BackendName, kind: BackendKind): Promise<Backend> {
    const backend =
      this.opened.get(name) ??
      // Never aborted: whoever ends this command ends it at once, and what is left of its work is still written down.
      kind.configured(settingSources(process.env, () => undefined)).open(new AbortController().signal);
    this.opened.set(name, backend);
    return backend;
  }
}
