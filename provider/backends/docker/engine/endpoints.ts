import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Setting } from "../../../config";
import { UnreachableError } from "../../backend";
import type { DockerSettings } from "../settings";
import { failureCode } from "./failure";

/** An address at which a Docker engine may listen. */
export interface Endpoint {
  /** As in `DOCKER_HOST`: `unix:///var/run/docker.sock`, `tcp://10.1.2.3:2376`. */
  address: string;
  /** Which setting the address is from, for messages. */
  source: string;
  /** With TLS: the folder with ca.pem, cert.pem and key.pem, and whether to verify the engine's certificate. */
  tls?: { folder: string; verify: boolean };
}

/** The source of an address that no setting has. */
export const defaultSource = "default";

/**
 * The addresses to try, in order, as the Docker client finds its engine: the configured address, the configured context,
 * the current context; without any of them, the default sockets of the common engines.
 * @throws UnreachableError for a context that does not exist, a Docker client's configuration that cannot be read, and an
 * address with a password
 */
export function endpoints(settings: DockerSettings): Endpoint[] {
  const { host, context, tlsVerify, certPath } = settings;
  if (host) {
    const endpoint = withoutCredentials({ address: host.value, source: host.source });
    return [tlsVerify && certPath ? { ...endpoint, tls: { folder: certPath, verify: true } } : endpoint];
  }
  const name = context ?? currentContext(settings.configFolder);
  if (name && name.value !== "default") {
    return [withoutCredentials(contextEndpoint(name.value, name.source, settings.configFolder))];
  }
  return sockets(settings).map((path) => ({ address: `unix://${path}`, source: defaultSource }));
}

/**
 * An address is printed in messages, so it must have no password.
 * @throws UnreachableError, also for a user name, which no engine takes; that of `ssh://` is refused with its scheme
 */
function withoutCredentials(endpoint: Endpoint): Endpoint {
  if (!/^(?!unix:|npipe:|ssh:\/\/[^:@]*@[^@]*$).*@/s.test(endpoint.address)) return endpoint;
  throw new UnreachableError(
    "OC2223",
    `The address of the Docker engine (from ${endpoint.source}) cannot be used: it has a user name or a password`,
    "Remove them: an engine authenticates its clients by certificates (DOCKER_TLS_VERIFY and DOCKER_CERT_PATH)",
  );
}

function sockets({ home, runtimeFolder }: DockerSettings): string[] {
  if (process.platform === "win32") return ["//./pipe/docker_engine"];
  const user = runtimeFolder ?? `/run/user/${process.getuid?.() ?? 0}`;
  return [
    "/var/run/docker.sock",
    join(user, "docker.sock"),
    join(home, ".docker/run/docker.sock"),
    join(home, ".docker/desktop/docker.sock"),
    join(home, ".colima/default/docker.sock"),
    join(home, ".rd/docker.sock"),
    join(user, "podman/podman.sock"),
    "/run/podman/podman.sock",
  ];
}

const clientConfig = z.object({ currentContext: z.string().optional() });

function currentContext(configFolder: string): Setting | undefined {
  const file = join(configFolder, "config.json");
  if (!existsSync(file)) return undefined; // no Docker client was ever configured here
  try {
    const { currentContext: value } = clientConfig.parse(JSON.parse(readFileSync(file, "utf8")));
    return value ? { value, source: `the current context in ${file}` } : undefined;
  } catch (cause) {
    // It may name another engine than this machine's.
    throw new UnreachableError(
      "OC2211",
      `Cannot read the current Docker context from ${file}: ${reasonOf(cause)}`,
      "Repair that file, or set DOCKER_HOST or DOCKER_CONTEXT",
    );
  }
}

/** Without the parser's own message, which quotes the file: it may have credentials of registries. */
function reasonOf(error: unknown): string {
  if (error instanceof SyntaxError) return "it is not valid JSON";
  return error instanceof z.ZodError ? "currentContext must be a string" : String(failureCode(error) ?? error);
}

const contextMeta = z.object({
  Endpoints: z.object({ docker: z.object({ Host: z.string(), SkipTLSVerify: z.boolean().optional() }) }),
});

/** Contexts are stored under the SHA-256 of their name, their certificates beside them. */
function contextEndpoint(name: string, source: string, configFolder: string): Endpoint {
  const folder = createHash("sha256").update(name).digest("hex");
  try {
    const file = join(configFolder, "contexts", "meta", folder, "meta.json");
    const { Host: address, SkipTLSVerify: skip } = contextMeta.parse(JSON.parse(readFileSync(file, "utf8"))).Endpoints
      .docker;
    const endpoint = { address, source: `context ${name}` };
    const tls = join(configFolder, "contexts", "tls", folder, "docker");
    const usesTls = address.startsWith("tcp://") && (skip || existsSync(join(tls, "ca.pem")));
    return usesTls ? { ...endpoint, tls: { folder: tls, verify: !skip } } : endpoint;
  } catch (cause) {
    throw new UnreachableError(
      "OC2212",
      `Cannot read the Docker context ${JSON.stringify(name)} (from ${source}): it does not exist, or has no Docker endpoint`,
      "Set DOCKER_CONTEXT or openai-containers:dockerContext to a context that `docker context ls` lists",
      { cause },
    );
  }
}
