/** A setting, and where its value was found, for messages: `DOCKER_HOST`, `openai-containers:dockerHost`. */
export interface Setting {
  value: string;
  source: string;
}

/**
 * The sources of settings. An explicit provider's own settings win over the environment, and that wins over the stack's
 * configuration: plain `destroy` and `refresh` see the configuration of the last update.
 */
export interface SettingSources {
  readonly env: NodeJS.ProcessEnv;
  /** The explicit provider's own setting. */
  own(name: string): Setting | undefined;
  /** The environment variable, if the setting has one, or else the stack's setting. */
  shared(name: string, variable?: string): Setting | undefined;
  /** The first of all. */
  first(name: string, variable?: string): Setting | undefined;
}

/**
 * Reads no setting yet.
 * @param config reads a key of the configuration: the stack's `openai-containers:backend`, a provider's `provider:backend`.
 * Default: there is none, as in a command or a script
 */
export function settingSources(
  env: NodeJS.ProcessEnv,
  config: (key: string) => string | undefined = () => undefined,
): SettingSources {
  const own = (name: string) => setting(config(`provider:${name}`), `the provider's ${name}`);
  const shared = (name: string, variable?: string) =>
    (variable === undefined ? undefined : setting(env[variable], variable)) ??
    setting(config(`openai-containers:${name}`), `openai-containers:${name}`);
  return { env, own, shared, first: (name, variable) => own(name) ?? shared(name, variable) };
}

/** White space at the ends is left out, as the official client does: a value that was read from a file ends with a line break. */
export function setting(value: string | undefined, source: string): Setting | undefined {
  const trimmed = value?.trim();
  return trimmed ? { value: trimmed, source } : undefined;
}

export function byDefault(value: string): Setting {
  return { value, source: "the default" };
}
