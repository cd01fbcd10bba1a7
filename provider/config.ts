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
  /** How long a sandbox's minute is, in seconds: less than 60 in tests only. */
  minute: number;
  runtimeFolder: string | undefined;
  /** The image that the gateways of allow lists are made of. */
  gatewayImage: string;
}

/** What the gateway needs is `node`, 20 or newer. */
export const defaultGatewayImage = "node:22-bookworm-slim";

export interface OpenAISettings {
  apiKey: Setting | undefined;
  baseUrl: Setting;
  organization: Setting | undefined;
  project: Setting | undefined;
  /** How many requests a minute this process may make. */
  requestsPerMinute: Setting;
  /** Whether an allow list that the service does not report is taken for applied: `true` or `false`. */
  acceptUnconfirmedNetworkPolicy: Setting;
}

/** What the environment and the stack's configuration say. Nothing is judged here: what is wrong fails its users. */
export interface Settings {
  /** The backend of containers that name none. */
  backend: Setting;
  /** Whether a diff looks at what became of containers: `true` or `false`. */
  liveness: Setting;
  openai: OpenAISettings;
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
  const fromConfigOr = (preset: string, name: string): Setting => fromConfig(name) ?? byDefault(preset);

  // In the environment a host wins over a context, as for the Docker client.
  const envHost = fromEnv("DOCKER_HOST");
  const envContext = fromEnv("DOCKER_CONTEXT");
  const hasEnv = envHost !== undefined || envContext !== undefined;
  const home = homedir();
  const configFolder = env["DOCKER_CONFIG"] || join(home, ".docker");
  return {
    backend: fromConfig("backend") ?? byDefault("openai"),
    liveness: fromConfig("liveness") ?? byDefault("true"),
    openai: {
      apiKey: fromEnv("OPENAI_API_KEY") ?? fromConfig("apiKey"),
      baseUrl: fromEnv("OPENAI_BASE_URL") ?? fromConfig("baseUrl") ?? byDefault("https://api.openai.com/v1"),
      organization: fromEnv("OPENAI_ORG_ID") ?? fromConfig("organization"),
      project: fromEnv("OPENAI_PROJECT_ID") ?? fromConfig("project"),
      requestsPerMinute: fromConfig("requestsPerMinute") ?? byDefault("100"),
      acceptUnconfirmedNetworkPolicy: fromConfigOr("false", "acceptUnconfirmedNetworkPolicy"),
    },
    docker: {
      host: hasEnv ? envHost : fromConfig("dockerHost"),
      context: hasEnv ? envContext : fromConfig("dockerContext"),
      tlsVerify: Boolean(env["DOCKER_TLS_VERIFY"]),
      certPath: env["DOCKER_CERT_PATH"] || configFolder,
      configFolder,
      home,
      minute: Number(env["OPENAI_CONTAINERS_TEST_MINUTE"]) || 60,
      runtimeFolder: env["XDG_RUNTIME_DIR"] || undefined,
      gatewayImage: (fromConfig("gatewayImage") ?? byDefault(defaultGatewayImage)).value,
    },
  };
}

function setting(value: string | undefined, source: string): Setting | undefined {
  return value ? { value, source } : undefined;
}

function byDefault(value: string): Setting {
  return { value, source: "the default" };
}
