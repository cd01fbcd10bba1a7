import type { BackendName } from "../model/container";
import { at, unknownValue } from "../model/unknowns";
import type { BackendKind } from "./backend";
import { policyRefusals } from "./docker/allowlist/refusals";
import { wideningsOf } from "./docker/allowlist/warnings";
import { DockerBackend } from "./docker/docker-backend";
import { connect } from "./docker/engine";
import { open } from "./openai/open";

const docker: BackendKind = {
  refusals: ({ networkPolicy, docker: options, fileIds, skills }) => [
    ...policyRefusals(networkPolicy, at(options, "egress")),
    ...(isNone(fileIds) ? [] : [`fileIds: got file ids, ${notOnDocker}, expected none`]),
    ...(isNone(skills) ? [] : [`skills: got skills, ${notOnDocker}, expected none`]),
  ],
  warnings: ({ docker: options }, secretArguments) =>
    wideningsOf(at(options, "egress"), secretArguments.includes("docker")),
  open: async ({ docker: settings }) => new DockerBackend(await connect(settings), settings),
};

/** What is not known yet may turn out to be none. */
function isNone(value: unknown): boolean {
  return value === undefined || value === unknownValue;
}

const notOnDocker = "which the docker backend of this release cannot honour";

const openai: BackendKind = {
  refusals: (container) =>
    isNone(container["docker"])
      ? []
      : ['docker: got options of the docker backend, expected none, as the backend is "openai"'],
  warnings: () => [],
  open: ({ openai: settings }, ending) => open(settings, ending),
};

export const backendKinds: Record<BackendName, BackendKind> = { docker, openai };
