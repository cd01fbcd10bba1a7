import { type Backend, BackendError } from "../backends/backend";
import type { ContainerRecord } from "../model/record";

/** The settings that choose a backend's location. */
const settings = {
  docker: "DOCKER_HOST, DOCKER_CONTEXT or openai-containers:dockerHost",
  openai:
    "OPENAI_BASE_URL, OPENAI_ORG_ID and OPENAI_PROJECT_ID, or openai-containers:baseUrl, organization and project",
};

/**
 * Asserts that this run uses the account or engine that has the container: any other one would report it as gone.
 * @throws BackendError
 */
export function assertSameLocation(id: string, { location }: ContainerRecord, backend: Backend): void {
  if (location === undefined || location === backend.location) return;
  throw new BackendError(
    "OC2010",
    `Container ${id} is at ${location}, and this run uses ${backend.location}`,
    `Point this run at the first (${settings[backend.name]}, or the arguments of its Provider), or, if that is gone for good, remove the container from state with \`pulumi state delete\``,
  );
}
