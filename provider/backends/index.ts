import type { BackendName } from "../model/container";
import { at, unknownValue } from "../model/unknowns";
import type { BackendKind } from "./backend";
import { policyRefusals } from "./docker/allowlist/rules/unsupported";
import { wideningsOf } from "./docker/allowlist/rules/warnings";
import { DockerBackend } from "./docker/docker-backend";
import { endpoints } from "./docker/engine/endpoints";
import { connect } from "./docker/engine/engine";
import { openBackend } from "./openai/open-backend";
import { isUnencrypted } from "./unencrypted-address";

const docker: BackendKind = {
  unsupported: ({ networkPolicy, docker: options, fileIds, skills }) => [
    ...policyRefusals(networkPolicy, at(options, "egress")),
    ...(isNone(fileIds) ? [] : [`fileIds: got file ids, ${notOnDocker}, expected none`]),
    ...(isNone(skills) ? [] : [`skills: got skills, ${notOnDocker}, expected none`]),
  ],
  warnings: ({ docker: options }, secretArguments) =>
    wideningsOf(at(options, "egress"), secretArguments.includes("docker")),
  connectionWarnings: ({ docker: settings }) =>
    endpoints(settings)
      .filter(({ address, tls }) => !tls && isUnencrypted(address))
      .map(
        ({ address, source }) =>
          `what is sent to the Docker engine at ${address} (${source}) is not encrypted: whoever is on the way can read domain secrets, and use the engine. Set DOCKER_TLS_VERIFY and DOCKER_CERT_PATH, or forward its socket by ssh`,
      ),
  open: async ({ docker: settings }) => new DockerBackend(await connect(settings), settings),
};

/** What is not known yet may turn out to be none. */
function isNone(value: unknown): boolean {
  return value === undefined || value === unknownValue;
}

const notOnDocker = "which the docker backend of this release cannot honour";

const openai: BackendKind = {
  unsupported: (container) =>
    isNone(container["docker"])
      ? []
      : ['docker: got options of the docker backend, expected none, as the backend is "openai"'],
  warnings: () => [],
  connectionWarnings: ({ openai: { baseUrl } }) =>
    isUnencrypted(baseUrl.value)
      ? [
          `what is sent to the API at ${new URL(baseUrl.value).origin} (${baseUrl.source}) is not encrypted: whoever is on the way can read the API key and domain secrets. Use https://`,
        ]
      : [],
  open: ({ openai: settings }, ending) => openBackend(settings, ending),
};

export const backendKinds: Record<BackendName, BackendKind> = { docker, openai };
