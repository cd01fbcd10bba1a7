import type { Backend, Report } from "../../backends/backend";
import { type Entry, keyOf } from "./files";
import type { Journal } from "./journal";
import { isGoingOn } from "./process-mark";

/**
 * Removes the containers of this resource that earlier runs orphaned, before a new one is created. None is adopted: Pulumi
 * asks for a replacement on demand in the same words.
 */
export async function removeOrphans(urn: string, backend: Backend, journal: Journal, report: Report): Promise<void> {
  for (const { entry, file } of journal.pendingFor(urn)) {
    const { backend: name, location, engine } = entry;
    if (await isGoingOn(entry)) {
      report.warning(
        "OC2015",
        `${nameOf(entry)} is not removed, as another run is still creating this resource: its engine at ${engine} answers. Run openai-containers doctor after its end, to see whether the container is orphaned`,
      );
      continue;
    }
    if (name !== backend.name || location !== backend.location) {
      report.warning("OC2016", `${mayBeOrphaned(entry)}: ${remedyOf(file)}`);
      continue;
    }
    await removeNamed(entry, backend, report);
    journal.drop(file);
  }
}

/**
 * Removes the container of an entry, and warns of candidates where its name may be another container's too.
 * @returns the ids of the candidates, which are not removed
 */
export async function removeNamed(entry: Entry, backend: Backend, report: Report): Promise<string[]> {
  report.progress("removing a container orphaned by an interrupted run");
  const candidates = await backend.removePending({ ...entry, time: Date.parse(entry.named ?? entry.time) }, report);
  if (candidates.length > 0) {
    report.warning(
      "OC2017",
      `an interrupted run may have created ${candidates.join(" or ")} (named ${JSON.stringify(entry.name)} by the program): delete it if nothing uses it; otherwise it is terminated once it has been idle`,
    );
  }
  return candidates;
}

/** Warns of containers that may be orphaned, of a resource that is in state. Previews call it, so nothing is removed. */
export async function warnOfOrphans(urn: string, journal: Journal, report: Report): Promise<void> {
  for (const { entry, file } of journal.pendingFor(urn)) {
    if (await isGoingOn(entry)) continue;
    report.warning("OC2016", `${mayBeOrphaned(entry)}: replace this resource, or ${remedyOf(file)}`);
  }
}

function mayBeOrphaned(entry: Entry): string {
  return `${nameOf(entry)} of an interrupted run may be orphaned at ${entry.location}`;
}

function nameOf({ id, name, besides }: Entry): string {
  if (id) return `container ${id}`;
  return `a container ${JSON.stringify(name)}${besides ? ` besides ${besides}` : ""}`;
}

/** That an account or engine is gone for good only a person knows. */
function remedyOf(file: string): string {
  return `run openai-containers doctor --clear with settings for that account or engine. If that is gone for good: openai-containers doctor --forget ${keyOf(file)}`;
}
