import { type Backend, BackendError } from "../backends/backend";
import type { ContainerRecord } from "../model/record";

/** What says where a backend is looked for. */
const settings = {
  docker: "DOCKER_HOST, DOCKER_CONTEXT or openai-containers:dockerHost",
  openai:
    "OPENAI_BASE_URL, OPENAI_ORG_ID and OPENAI_PROJECT_ID, or openai-containers:baseUrl, organization and project",
};

/** Refuses to take another account or engine, where the container is not, for one where it has vanished. */
export function assertSamePlace(id: string, { location }: ContainerRecord, backend: Backend): void {
  if (location === undefined || location === backend.location) return;
  throw new BackendError(
    "OC0000",
    `Container ${id} lives at ${location}, and this run looks at ${backend.location}`,
    `Point this run at the place where it lives (${settings[backend.name]}, or the arguments of its Provider), or, if that is gone for good, forget the container with \`pulumi state delete\``,
  );
}
