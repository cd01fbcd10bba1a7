import type { BackendName } from "../model/container";
import { at } from "../model/unknowns";
import type { BackendKind } from "./backend";
import { policyRefusals } from "./docker/allowlist/refusals";
import { wideningsOf } from "./docker/allowlist/warnings";
import { DockerBackend } from "./docker/docker-backend";
import { connect } from "./docker/engine";
import { open } from "./openai/open";

const docker: BackendKind = {
  refusals: ({ networkPolicy, docker: options, fileIds, skills }) => [
    ...policyRefusals(networkPolicy, at(options, "egress")),
    ...(fileIds === undefined ? [] : [`fileIds: got file ids, ${notOnDocker}, expected none`]),
    ...(skills === undefined ? [] : [`skills: got skills, ${notOnDocker}, expected none`]),
  ],
  warnings: ({ docker: options }) => wideningsOf(at(options, "egress")),
  open: async ({ docker: settings }) => new DockerBackend(await connect(settings), settings),
};

const notOnDocker = "which the docker backend of this release cannot honour";

const openai: BackendKind = {
  refusals: (container) =>
    container["docker"] === undefined
      ? []
      : ['docker: got options of the docker backend, expected none, as the backend is "openai"'],
  warnings: () => [],
  open: ({ openai: settings }, ending) => open(settings, ending),
};

export const backendKinds: Record<BackendName, BackendKind> = { docker, openai };
