import type { Backend, Report } from "../backends/backend";
import { type ContainerRecord, outputsOf } from "../model/record";
import { assertSamePlace } from "./place";

/** Repairs what diff found broken. No setting changes here: those replace the container. */
export async function update(
  id: string,
  record: ContainerRecord,
  backend: Backend,
  report: Report,
): Promise<Record<string, unknown>> {
  assertSamePlace(id, record, backend);
  return outputsOf(await backend.repair(id, record, report), backend, record);
}
