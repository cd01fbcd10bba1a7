import { type Backend, BackendError } from "../backends/backend";
import type { ContainerRecord } from "../model/record";

/** Refuses to take another account or engine, where the container is not, for one where it has vanished. */
export function assertSamePlace(id: string, { location }: ContainerRecord, backend: Backend): void {
  if (location === undefined || location === backend.location) return;
  throw new BackendError(
    "OC0000",
    `Container ${id} lives at ${location}, and this run looks at ${backend.location}`,
    `Point this run at the place where it lives (${backend.locationSettings.environment}, or ${backend.locationSettings.stack}, or the arguments of its Provider), or, if that is gone for good, forget the container with \`pulumi state delete\``,
  );
}
