import type { Backend } from "../../backends/backend";
import { type BackendName, isBackendName } from "../../model/container";
import type { ContainerRecord } from "../../model/record";
import type { DiffReport } from "../diff";
import type { Read } from "../read";
import { adopted } from "./adopt";
import { importable, importedAsItIs } from "./verify";

/** A container as `pulumi import TYPE NAME ID` names it: `cntr_…`, or with its backend `docker:cntr_…`. */
export function importedId(written: string): { id: string; backend?: BackendName } {
  const [first = "", ...rest] = written.split(":");
  return isBackendName(first) && rest.length > 0 ? { id: rest.join(":"), backend: first } : { id: written };
}

/**
 * Reads a container for Pulumi's own import, which writes what it gets to state.
 * @throws BackendError where it is gone, or cannot be imported
 */
export async function readForImport(
  id: string,
  { __urn }: ContainerRecord,
  backend: Backend,
  report: DiffReport,
): Promise<Read> {
  const candidate = await importable(id, backend, report);
  const { observed, missing } = candidate;
  if (missing.length > 0) report.warning("OC2409", importedAsItIs(observed.id, missing));
  const { inputs, outputs: props } = adopted(candidate, { __urn }, backend);
  return { id: observed.id, props, inputs };
}
