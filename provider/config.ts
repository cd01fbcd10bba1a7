import { homedir } from "node:os";
import { join } from "node:path";

/** Where a setting's value was found, for messages: `DOCKER_HOST`, `openai-containers:dockerHost`. */
export interface Setting {
  value: string;
  source: string;
}

export interface DockerSettings {
  /** The engine's address, as `DOCKER_HOST` has it. */
  host: Setting | undefined;
  /** The name of a context of the Docker client. */
  context: Setting | undefined;
  tlsVerify: boolean;
  certPath: string | undefined;
  /** The Docker client's own folder, with its contexts. */
  configFolder: string;
  home: string;
  runtimeFolder: string | undefined;
}

/** What the environment and the stack's configuration say. Nothing is judged here: what is wrong fails its users. */
export interface Settings {
  /** The backend of containers that name none. */
  backend: Setting;
  docker: DockerSettings;
}

/**
 * The environment wins over the configuration: plain `destroy` and `refresh` see the configuration of the last update.
 * @param config looks up a key of the stack's configuration, such as `openai-containers:backend`
 */
export function readSettings(env: NodeJS.ProcessEnv, config: (key: string) => string | undefined): Settings {
  const fromEnv = (name: string): Setting | undefined => setting(env[name], name);
  const fromConfig = (name: string): Setting | undefined =>
    setting(config(`openai-containers:${name}`), `openai-containers:${name}`);

  // In the environment a host wins over a context, as for the Docker client.
  const envHost = fromEnv("DOCKER_HOST");
  const envContext = fromEnv("DOCKER_CONTEXT");
  const hasEnv = envHost !== undefined || envContext !== undefined;
  const home = homedir();
  const configFolder = env["DOCKER_CONFIG"] || join(home, ".docker");
  return {
    backend: fromConfig("backend") ?? { value: "openai", source: "the default" },
    docker: {
      host: hasEnv ? envHost : fromConfig("dockerHost"),
      context: hasEnv ? envContext : fromConfig("dockerContext"),
      tlsVerify: Boolean(env["DOCKER_TLS_VERIFY"]),
      certPath: env["DOCKER_CERT_PATH"] || configFolder,
      configFolder,
      home,
      runtimeFolder: env["XDG_RUNTIME_DIR"] || undefined,
    },
  };
}

function setting(value: string | undefined, source: string): Setting | undefined {
  return value ? { value, source } : undefined;
}
