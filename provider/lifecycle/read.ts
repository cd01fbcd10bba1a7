import { type Backend, BackendError, type Report } from "../backends/backend";
import { type ContainerRecord, inputsOf, outputsOf } from "../model/record";
import { endOf } from "./end";
import { assertSamePlace } from "./place";

export interface Read {
  id?: string;
  props?: Record<string, unknown>;
  inputs?: Record<string, unknown>;
}

/** What is there now, for `refresh` and `Container.get`; nothing where the container expired or is gone. */
export async function read(id: string, record: ContainerRecord, backend: Backend, report: Report): Promise<Read> {
  assertSamePlace(id, record, backend);
  const observed = await backend.observe(id, record, report);
  if (!observed || observed.status === "expired") {
    // A refresh hands over outputs; `get` only inputs, and would take an empty answer for a success.
    if (record.createdAt !== undefined) return dropped(id, record, observed?.status, backend, report);
    throw new BackendError(
      "OC0000",
      `There is no container ${id} at ${backend.location}${observed ? " any more: it has expired" : ""}`,
      "Correct the id, the backend, or the account or engine that this run looks at",
    );
  }
  return { id, props: outputsOf(observed, backend, record), inputs: inputsOf(observed, backend, record) };
}

/** Pulumi's own line for what a refresh drops says nothing of why. */
async function dropped(
  id: string,
  record: ContainerRecord,
  status: string | undefined,
  backend: Backend,
  report: Report,
): Promise<Read> {
  const activity = status === "expired" ? await backend.activity(id, record, report) : undefined;
  const end = endOf(status, record, activity);
  if (end) report.warning("OC0000", `container ${id} ${end.words}: dropped from state`);
  return {};
}
