import { coded } from "../../codes";
import type { SettingSources } from "../../config";
import { at } from "../../model/unknowns";
import type { ConfiguredAccount } from "../account-content";
import type { Backend, BackendKind, ConfiguredBackend, Warning } from "../backend";
import { isUnencrypted } from "../unencrypted-address";
import { policyRefusals, runtimeRefusals } from "./allowlist/rules/unsupported";
import { wideningsOf } from "./allowlist/rules/warnings";
import { DockerBackend } from "./docker-backend";
import { endpoints } from "./engine/discovery/strategies";
import { connect } from "./engine/engine";
import { idleExpiryWarnings } from "./engine/runtimes";
import { type DockerSettings, dockerSettings } from "./settings";

/**
 * Sandboxes on a Docker engine.
 * @param accountOf the account whose files and skills are copied into sandboxes
 */
export function dockerKind(accountOf: (sources: SettingSources) => ConfiguredAccount): BackendKind {
  return {
    unsupported: ({ networkPolicy, docker: options }) =>
      [
        ...policyRefusals(networkPolicy, at(options, "egress")),
        ...runtimeRefusals(networkPolicy, at(options, "runtime")),
      ].map((problem) => coded("OC1005", problem)),
    warnings: ({ docker: options }, secretArguments) => [
      ...wideningsOf(at(options, "egress"), secretArguments.includes("docker")),
      ...idleExpiryWarnings(at(options, "runtime")),
    ],
    configured: (sources) => new ConfiguredEngine(dockerSettings(sources), accountOf(sources)),
  };
}

class ConfiguredEngine implements ConfiguredBackend {
  constructor(
    private readonly settings: DockerSettings,
    private readonly account: ConfiguredAccount,
  ) {}

  connectionWarnings(): Warning[] {
    const unencrypted = endpoints(this.settings).filter(({ address, tls }) => !tls && isUnencrypted(address));
    return unencrypted.map(({ address, source }) => ({
      code: "OC1011",
      text: `the connection to the Docker engine at ${address} (${source}) is not encrypted: anyone on the network path can read domain secrets and control the engine. Set DOCKER_TLS_VERIFY and DOCKER_CERT_PATH, or use an ssh:// address`,
    }));
  }

  async open(ending: AbortSignal): Promise<Backend> {
    const openAccount = this.account.opener(ending);
    return new DockerBackend(await connect(this.settings), { ...this.settings, openAccount, ending });
  }
}
