import { connect } from "node:net";
import type { Backend, Report } from "../backends/backend";
import type { Entry, Journal } from "./journal";

/**
 * Removes what earlier runs made of this resource and Pulumi knows nothing of, as it asks for a new one. It is never
 * adopted: of a resource that is replaced on demand the same is asked.
 */
export async function removeLeftOver(urn: string, backend: Backend, journal: Journal, report: Report): Promise<void> {
  for (const { entry, file } of journal.leftOf(urn)) {
    if (await isGoingOn(entry.engine)) continue;
    const { backend: name, location } = entry;
    if (name !== backend.name || location !== backend.location) {
      report.warning(`${nameOf(entry)} of a run that was cut short may be left at ${location}`);
      continue;
    }
    await removeNamed(entry, backend, report);
    journal.drop(file);
  }
}

/**
 * Removes what an entry names, and warns of what may be it where its name is not its alone.
 * @returns the ids of those, which are left as they are
 */
export async function removeNamed(entry: Entry, backend: Backend, report: Report): Promise<string[]> {
  report.progress("removing what a run that was cut short has left");
  const candidates = await backend.removeUnfinished({ ...entry, time: Date.parse(entry.time) }, report);
  if (candidates.length > 0) {
    report.warning(
      `a run that was cut short may have made ${candidates.join(" or ")}, named ${JSON.stringify(entry.name)} by the program: delete what nobody uses; it ends by itself when it has been idle`,
    );
  }
  return candidates;
}

function nameOf({ id, name }: Entry): string {
  return id ? `container ${id}` : `a container ${JSON.stringify(name)}`;
}

/** Says what may be left of a resource that is there. A preview asks the same, so nothing is removed. */
export async function tellOfLeftOver(urn: string, journal: Journal, report: Report): Promise<void> {
  for (const { entry } of journal.leftOf(urn)) {
    if (await isGoingOn(entry.engine)) continue;
    report.warning(
      `${nameOf(entry)} of a run that was cut short may be left at ${entry.location}: a replacement of this resource removes it, and so does openai-containers doctor --clear`,
    );
  }
}

/** Whether a run's engine still answers. */
export function isGoingOn(engine: string | undefined): Promise<boolean> {
  const [, host, port] = /^(.+):(\d+)$/.exec(engine ?? "") ?? [];
  if (!host || !port) return Promise.resolve(false);
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port), timeout: 1_000 });
    const answer = (isThere: boolean) => () => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once("connect", answer(true)).once("error", answer(false)).once("timeout", answer(false));
  });
}
