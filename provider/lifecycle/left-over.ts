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
      report.warning(`${nameOf(entry)} of an interrupted run may be orphaned at ${location}`);
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
  report.progress("removing a container orphaned by an interrupted run");
  const candidates = await backend.removeUnfinished({ ...entry, time: Date.parse(entry.time) }, report);
  if (candidates.length > 0) {
    report.warning(
      `an interrupted run may have created ${candidates.join(" or ")} (named ${JSON.stringify(entry.name)} by the program): delete what nobody uses; it is terminated when it has been idle`,
    );
  }
  return candidates;
}

function nameOf({ id, name }: Entry): string {
  return id ? `container ${id}` : `a container ${JSON.stringify(name)}`;
}

/** Warns of what may be orphaned of a resource that is there. A preview asks the same, so nothing is removed. */
export async function tellOfLeftOver(urn: string, journal: Journal, report: Report): Promise<void> {
  for (const { entry } of journal.leftOf(urn)) {
    if (await isGoingOn(entry.engine)) continue;
    report.warning(
      `${nameOf(entry)} of an interrupted run may be orphaned at ${entry.location}: a replacement of this resource removes it, and so does openai-containers doctor --clear`,
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
