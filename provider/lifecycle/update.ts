import type { Backend, Report } from "../backends/backend";
import { type ContainerRecord, outputsOf } from "../model/record";
import { assertSameLocation } from "./location";

/** Repairs the container. No argument changes here: those replace it. */
export async function update(
  id: string,
  record: ContainerRecord,
  backend: Backend,
  report: Report,
): Promise<Record<string, unknown>> {
  assertSameLocation(id, record, backend);
  return outputsOf(await backend.repair(id, record, report), backend, record);
}
