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

/** What provider, environment and stack say. Nothing is validated here: what is wrong fails the calls that use it. */
export interface Settings {
  /** The URN of the explicit provider that this process serves, if it is one. */
  provider: string | undefined;
  /** The backend of containers that name none. */
  backend: Setting;
  /** Whether a diff looks at what became of containers: `true` or `false`. */
  liveness: Setting;
  openai: OpenAISettings;
  docker: DockerSettings;
}

/**
 * An explicit provider's own settings win over the environment, and that wins over the stack's configuration: plain
 * `destroy` and `refresh` see the configuration of the last update.
 * @param config looks up a key of the configuration: the stack's `openai-containers:backend`, a provider's `provider:backend`
 */
export function readSettings(env: NodeJS.ProcessEnv, config: (key: string) => string | undefined): Settings {
  const own = (name: string): Setting | undefined => setting(config(`provider:${name}`), `the provider's ${name}`);
  const shared = (name: string, variable?: string): Setting | undefined =>
    (variable === undefined ? undefined : setting(env[variable], variable)) ??
    setting(config(`openai-containers:${name}`), `openai-containers:${name}`);
  const found = (name: string, variable?: string): Setting | undefined => own(name) ?? shared(name, variable);
  const apiKey = own("apiKey");
  const ofKey = (name: string, variable: string) => (apiKey ? own(name) : found(name, variable));

  const home = homedir();
  const configFolder = env["DOCKER_CONFIG"] || join(home, ".docker");
  return {
    provider: own("urn")?.value,
    backend: found("backend") ?? byDefault("openai"),
    liveness: found("liveness") ?? byDefault("true"),
    openai: {
      apiKey: apiKey ?? shared("apiKey", "OPENAI_API_KEY"),
      baseUrl: found("baseUrl", "OPENAI_BASE_URL") ?? byDefault("https://api.openai.com/v1"),
      organization: ofKey("organization", "OPENAI_ORG_ID"),
      project: ofKey("project", "OPENAI_PROJECT_ID"),
      requestsPerMinute: found("requestsPerMinute") ?? byDefault("100"),
      acceptUnconfirmedNetworkPolicy: found("acceptUnconfirmedNetworkPolicy") ?? byDefault("false"),
    },
    docker: {
      ...engineOf(env, own, shared),
      tlsVerify: Boolean(env["DOCKER_TLS_VERIFY"]),
      certPath: env["DOCKER_CERT_PATH"] || configFolder,
      configFolder,
      home,
      runtimeFolder: env["XDG_RUNTIME_DIR"] || undefined,
      gatewayImage: (found("gatewayImage") ?? byDefault(defaultGatewayImage)).value,
    },
  };
}

type Lookup = (name: string) => Setting | undefined;

/** Host and context come from one source, where a host wins over a context, as for the Docker client. */
function engineOf(env: NodeJS.ProcessEnv, own: Lookup, shared: Lookup): Pick<DockerSettings, "host" | "context"> {
  const sources = [
    { host: own("dockerHost"), context: own("dockerContext") },
    { host: setting(env["DOCKER_HOST"], "DOCKER_HOST"), context: setting(env["DOCKER_CONTEXT"], "DOCKER_CONTEXT") },
  ];
  const named = sources.find(({ host, context }) => host !== undefined || context !== undefined);
  return named ?? { host: shared("dockerHost"), context: shared("dockerContext") };
}

function setting(value: string | undefined, source: string): Setting | undefined {
  return value ? { value, source } : undefined;
}

function byDefault(value: string): Setting {
  return { value, source: "the default" };
}
