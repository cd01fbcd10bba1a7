import { type Backend, BackendError, type Report } from "../backends/backend";
import { type BackendName, isBackendName } from "../model/container";
import { adopted } from "./adopt";
import type { Read } from "./read";

/** A container as `pulumi import TYPE NAME ID` names it: `cntr_…`, or with its backend `docker:cntr_…`. */
export function importedId(written: string): { id: string; backend?: BackendName } {
  const [first = "", ...rest] = written.split(":");
  return isBackendName(first) && rest.length > 0 ? { id: rest.join(":"), backend: first } : { id: written };
}

/**
 * Reads a container of which state has nothing yet.
 * @param urn of the resource that it becomes
 * @throws BackendError where it is gone, has expired, or cannot be imported
 */
export async function readForImport(id: string, urn: unknown, backend: Backend, report: Report): Promise<Read> {
  const candidate = await backend.candidate(id, report);
  if (!candidate) throw new BackendError("OC2011", `There is no container ${id} at ${backend.location}`, "Correct");
  const { inputs, outputs: props } = adopted(candidate, { __urn: urn }, backend);
  return { id: candidate.observed.id, props, inputs };
}
