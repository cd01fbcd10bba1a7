import type { Backend, Report } from "../../backends/backend";
import { type Entry, keyOf } from "./files";
import type { Journal } from "./journal";
import { isGoingOn } from "./process-mark";

/**
 * Removes what earlier runs made of this resource and Pulumi knows nothing of, as it asks for a new one. It is never
 * adopted: of a resource that is replaced on demand the same is asked.
 */
export async function removeOrphans(urn: string, backend: Backend, journal: Journal, report: Report): Promise<void> {
  for (const { entry, file } of journal.leftOf(urn)) {
    const { backend: name, location, engine } = entry;
    if (await isGoingOn(entry)) {
      report.warning(
        "OC0000",
        `${nameOf(entry)} is left alone, as another run that creates this resource goes on: its engine at ${engine} answers. After its end openai-containers doctor tells whether the container is orphaned`,
      );
      continue;
    }
    if (name !== backend.name || location !== backend.location) {
      report.warning(
        "OC0000",
        `${nameOf(entry)} of an interrupted run may be orphaned at ${location}: ${remedyOf(file)}`,
      );
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
  const candidates = await backend.removePending({ ...entry, time: Date.parse(entry.named ?? entry.time) }, report);
  if (candidates.length > 0) {
    report.warning(
      "OC0000",
      `an interrupted run may have created ${candidates.join(" or ")} (named ${JSON.stringify(entry.name)} by the program): delete what nobody uses; it is terminated when it has been idle`,
    );
  }
  return candidates;
}

function nameOf({ id, name, besides }: Entry): string {
  if (id) return `container ${id}`;
  return `a container ${JSON.stringify(name)}${besides ? ` besides ${besides}` : ""}`;
}

/** What a person can do. That a place is gone for good only a person knows. */
function remedyOf(file: string): string {
  return `openai-containers doctor --clear, pointed at that place, removes it. If that place is gone for good: openai-containers doctor --forget ${keyOf(file)}`;
}

/** Warns of what may be orphaned of a resource that is there. A preview asks the same, so nothing is removed. */
export async function warnOfOrphans(urn: string, journal: Journal, report: Report): Promise<void> {
  for (const { entry, file } of journal.leftOf(urn)) {
    if (await isGoingOn(entry)) continue;
    report.warning(
      "OC0000",
      `${nameOf(entry)} of an interrupted run may be orphaned at ${entry.location}: a replacement of this resource or ${remedyOf(file)}`,
    );
  }
}
