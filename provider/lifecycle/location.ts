import { type Backend, BackendError } from "../backends/backend";
import type { ContainerRecord } from "../model/record";

/**
 * Asserts that this run uses the account or engine that has the container: any other one would report it as gone.
 * @throws BackendError
 */
export function assertSameLocation(id: string, { location }: ContainerRecord, backend: Backend): void {
  if (location === undefined || location === backend.location) return;
  const { environment, stack } = backend.locationSettings;
  throw new BackendError(
    "OC2010",
    `Container ${id} is at ${location}, and this run uses ${backend.location}`,
    `Point this run at the first (${environment}, or ${stack}, or the arguments of its Provider), or, if that is gone for good, remove the container from state with \`pulumi state delete\``,
  );
}
