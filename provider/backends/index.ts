import type { BackendName } from "../model/container";
import { at } from "../model/unknowns";
import { BackendError, type BackendKind } from "./backend";
import { DockerBackend } from "./docker/docker-backend";
import { connect } from "./docker/engine";

const docker: BackendKind = {
  refusals: ({ networkPolicy }) =>
    at(networkPolicy, "type") === "allowlist"
      ? [
          'networkPolicy.type: got "allowlist", which the docker backend of this release cannot enforce, expected "disabled"',
        ]
      : [],
  open: async (settings) => new DockerBackend(await connect(settings.docker)),
};

const openai: BackendKind = {
  refusals: () => [
    'backend: "openai" is not offered by this release; set it to "docker", or for the whole stack: pulumi config set openai-containers:backend docker',
  ],
  open: async () => {
    throw new BackendError('This release does not offer the backend "openai"', "Use a release that does");
  },
};

export const backendKinds: Record<BackendName, BackendKind> = { docker, openai };
