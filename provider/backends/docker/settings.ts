import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { type Setting, type SettingSources, setting } from "../../config";

export interface DockerSettings {
  /** The engine's address, as `DOCKER_HOST` has it. */
  host: Setting | undefined;
  /** The name of a Docker context. */
  context: Setting | undefined;
  tlsVerify: boolean;
  certPath: string | undefined;
  /** The Docker client's configuration folder, with its contexts. */
  configFolder: string;
  /** Credentials of registries, in the form of the client's configuration: the content of `DOCKER_AUTH_CONFIG`. */
  authConfig: string | undefined;
  home: string;
  runtimeFolder: string | undefined;
  /** Colima's folder, if it is not in a usual place. */
  colimaFolder: string | undefined;
  temporaryFolder: string;
  /** The image of the egress gateways. */
  gatewayImage: string;
}

/** The gateway needs `node`, 20 or newer. */
export const defaultGatewayImage = "node:22-bookworm-slim";

export function dockerSettings(sources: SettingSources): DockerSettings {
  const { env, first } = sources;
  const home = homedir();
  const configFolder = env["DOCKER_CONFIG"] || join(home, ".docker");
  return {
    ...engineOf(sources),
    tlsVerify: Boolean(env["DOCKER_TLS_VERIFY"]),
    certPath: env["DOCKER_CERT_PATH"] || configFolder,
    configFolder,
    authConfig: env["DOCKER_AUTH_CONFIG"] || undefined,
    home,
    runtimeFolder: env["XDG_RUNTIME_DIR"] || undefined,
    colimaFolder: env["COLIMA_HOME"] || undefined,
    temporaryFolder: tmpdir(),
    gatewayImage: first("gatewayImage")?.value ?? defaultGatewayImage,
  };
}

/** Host and context come from one source, where a host wins over a context, as for the Docker client. */
function engineOf({ env, own, shared }: SettingSources): Pick<DockerSettings, "host" | "context"> {
  const sources = [
    { host: own("dockerHost"), context: own("dockerContext") },
    { host: setting(env["DOCKER_HOST"], "DOCKER_HOST"), context: setting(env["DOCKER_CONTEXT"], "DOCKER_CONTEXT") },
  ];
  const named = sources.find(({ host, context }) => host !== undefined || context !== undefined);
  return named ?? { host: shared("dockerHost"), context: shared("dockerContext") };
}
