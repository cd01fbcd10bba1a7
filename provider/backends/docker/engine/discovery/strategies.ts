import type { DockerSettings } from "../../settings";
import { contextEndpoint, currentContextName } from "./docker-contexts";
import type { Endpoint } from "./endpoint";
import { knownSockets } from "./known-sockets";
import { usableEndpoint } from "./usable-endpoint";

/** A way to find the engine. */
export interface Strategy {
  name: string;
  /** Whether it decides which engine is meant. If that cannot be used, no other is tried, as the Docker client does. */
  isExplicit: boolean;
  /**
   * The address that it gives, if it applies.
   * @throws UnreachableError where the setting that it reads cannot be used
   */
  find(): Endpoint | undefined;
}

/** The strategies, in the order in which the Docker client would apply them; then the usual sockets of all engines. */
export function strategies(settings: DockerSettings): Strategy[] {
  return [
    { name: "DOCKER_HOST", isExplicit: true, find: () => configuredAddress(settings) },
    { name: "DOCKER_CONTEXT", isExplicit: true, find: () => configuredContext(settings) },
    { name: "current context", isExplicit: true, find: () => currentContext(settings) },
    ...knownSockets(settings).map(({ product, address }) => ({
      name: product,
      isExplicit: false,
      find: () => ({ address }),
    })),
  ];
}

/**
 * The addresses to try: the one that is configured, or else the usual sockets.
 * @throws UnreachableError where a setting cannot be used
 */
export function endpoints(settings: DockerSettings): Endpoint[] {
  const found: Endpoint[] = [];
  for (const { isExplicit, find } of strategies(settings)) {
    const endpoint = find();
    if (endpoint && isExplicit) return [endpoint];
    if (endpoint) found.push(endpoint);
  }
  return found;
}

function configuredAddress({ host, tlsVerify, certPath }: DockerSettings): Endpoint | undefined {
  if (!host) return undefined;
  const endpoint = { address: host.value, source: host.source };
  return usableEndpoint(tlsVerify && certPath ? { ...endpoint, tls: { folder: certPath, verify: true } } : endpoint);
}

function configuredContext({ context, configFolder }: DockerSettings): Endpoint | undefined {
  if (!context || isDefault(context.value)) return undefined;
  return usableEndpoint(contextEndpoint(context, configFolder));
}

function currentContext({ context, configFolder }: DockerSettings): Endpoint | undefined {
  if (context) return undefined;
  const current = currentContextName(configFolder);
  return current && !isDefault(current.value) ? usableEndpoint(contextEndpoint(current, configFolder)) : undefined;
}

/** The Docker client's name for no context. */
function isDefault(context: string): boolean {
  return context === "default";
}
