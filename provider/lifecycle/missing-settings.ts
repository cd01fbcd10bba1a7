import { BackendError } from "../backends/backend";

/** The variables of the environment that stand for a key of the stack's configuration. */
const variables: Record<string, string> = {
  apiKey: "OPENAI_API_KEY",
  baseUrl: "OPENAI_BASE_URL",
  organization: "OPENAI_ORG_ID",
  project: "OPENAI_PROJECT_ID",
  dockerHost: "DOCKER_HOST",
  dockerContext: "DOCKER_CONTEXT",
};

/**
 * An error for settings that the stack has and this process lacks: Pulumi passes no configuration of the stack to an
 * explicit provider, so a container could be created on another backend, or in another account, than the stack names.
 * @param inStack the keys that the program's process has; undefined of a program that reports none
 * @param config looks up a key here
 */
export function missingSettings(
  inStack: unknown,
  env: NodeJS.ProcessEnv,
  config: (key: string) => string | undefined,
): BackendError | undefined {
  const keys: unknown[] = Array.isArray(inStack) ? inStack : [];
  const missing = keys.filter((key) => {
    const isHere = config(`openai-containers:${key}`) !== undefined || config(`provider:${key}`) !== undefined;
    return !isHere && !env[variables[String(key)] ?? ""];
  });
  if (missing.length === 0) return undefined;
  const names = missing.map((key) => `openai-containers:${key}`).join(", ");
  return new BackendError(
    "OC1102",
    `The stack's configuration ${names} does not reach this resource's explicit provider`,
    "Use the class Provider of pulumi-openai-containers, which passes it on, in place of pulumi.ProviderResource",
  );
}
