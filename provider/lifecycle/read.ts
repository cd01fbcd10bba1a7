import { isDeepStrictEqual } from "node:util";
import { type Backend, BackendError, type Report } from "../backends/backend";
import { containerSchema } from "../model/container";
import { withoutNulls } from "../model/nulls";
import { type ContainerRecord, inputsOf, outputsOf } from "../model/record";
import { at } from "../model/unknowns";
import { endOf } from "./end";
import { isFromState } from "./from-state";
import { assertSameLocation } from "./location";

/** Empty where the container is no more, which drops it from state. */
export interface Read {
  id?: string;
  props?: Record<string, unknown>;
  inputs?: Record<string, unknown>;
}

/**
 * The live state, for `refresh` and `Container.get`.
 * @throws BackendError in a `get` of a container that expired or is gone: Pulumi would take an empty answer for a success
 */
export async function read(id: string, record: ContainerRecord, backend: Backend, report: Report): Promise<Read> {
  assertSameLocation(id, record, backend);
  const observed = await backend.observe(id, record, report);
  if (observed && observed.status !== "expired") {
    const props = outputsOf(observed, backend, record);
    // Without inputs Pulumi keeps those in state: they have the program's values of what no backend reports.
    if (record.__unreported && !hasDrifted(props, record)) return { id, props };
    return { id, props, inputs: inputsOf(observed, backend, record) };
  }
  if (isFromState(record)) {
    await warnOfDrop(id, record, observed?.status, backend, report);
    return {};
  }
  throw new BackendError(
    "OC2011",
    `There is no container ${id} at ${backend.location}${observed ? " any more: it has expired" : ""}`,
    "Correct the id, the backend, or the account or engine that this run uses",
  );
}

function hasDrifted(outputs: Record<string, unknown>, record: ContainerRecord): boolean {
  const live = withoutNulls(outputs);
  return Object.keys(containerSchema.shape).some((arg) => !isDeepStrictEqual(at(live, arg), at(record, arg)));
}

/** Pulumi's own line for a resource that a refresh drops gives no reason. */
async function warnOfDrop(
  id: string,
  record: ContainerRecord,
  status: string | undefined,
  backend: Backend,
  report: Report,
): Promise<void> {
  const activity = status === "expired" ? await backend.activity(id, record, report) : undefined;
  const end = endOf(status, record, activity);
  if (end) report.warning(end.code, `container ${id} ${end.words}: dropped from state`);
}
