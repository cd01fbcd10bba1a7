import type { Backend, Report } from "../backends/backend";
import type { ContainerRecord } from "../model/record";
import { assertSameLocation } from "./location";

/** Removes the container with its files. One that is gone already is no error. */
export async function remove(id: string, record: ContainerRecord, backend: Backend, report: Report): Promise<void> {
  assertSameLocation(id, record, backend);
  await backend.delete(id, record, report);
}
