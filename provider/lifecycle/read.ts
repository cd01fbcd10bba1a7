import { type Backend, BackendError, type Report } from "../backends/backend";
import { type ContainerRecord, inputsOf, outputsOf } from "../model/record";
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
  if (observed && observed.status !== "expired")
    return { id, props: outputsOf(observed, backend, record), inputs: inputsOf(observed, backend, record) };
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
