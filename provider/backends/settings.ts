import { byDefault, type Setting, settingSources } from "../config";
import type { BackendKind, ConfiguredBackend } from "./backend";

/** The settings of a provider. Nothing is validated here: a wrong setting fails the calls that use it. */
export interface Settings {
  /** The URN of the explicit provider that this process serves, if it is one. */
  provider: string | undefined;
  /** The backend of containers that set none. */
  backend: Setting;
  /** Whether a diff reads the live state of containers: `true` or `false`. */
  liveness: Setting;
  /** Each backend with its own settings. */
  backends: ReadonlyMap<string, ConfiguredBackend>;
}

/**
 * Reads all settings.
 * @param config reads a key of the configuration: the stack's `openai-containers:backend`, a provider's `provider:backend`
 */
export function readSettings(
  env: NodeJS.ProcessEnv,
  config: (key: string) => string | undefined,
  kinds: Readonly<Record<string, Pick<BackendKind, "configured">>>,
): Settings {
  const sources = settingSources(env, config);
  return {
    provider: sources.own("urn")?.value,
    backend: sources.first("backend") ?? byDefault("openai"),
    liveness: sources.first("liveness") ?? byDefault("true"),
    backends: new Map(Object.entries(kinds).map(([name, kind]) => [name, kind.configured(sources)])),
  };
}
