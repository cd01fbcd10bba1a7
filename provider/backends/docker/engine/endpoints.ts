import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Setting } from "../../../config";
import { UnreachableError } from "../../backend";
import type { DockerSettings } from "../settings";

/** An address where a Docker engine may answer. */
export interface Endpoint {
  /** As in `DOCKER_HOST`: `unix:///var/run/docker.sock`, `tcp://10.1.2.3:2376`. */
  address: string;
  /** What named it, for messages. */
  source: string;
  /** Where TLS is used: the folder with ca.pem, cert.pem and key.pem, and whether the engine has to prove who it is. */
  tls?: { folder: string; verify: boolean };
}

/** The source of an address that nobody named. */
export const usualPlace = "usual place";

/**
 * The addresses to try, in order, as the Docker client finds its engine: the address that was set, the context that was
 * set, the current context; and where there is none, the sockets of the usual engines.
 */
export function endpoints(settings: DockerSettings): Endpoint[] {
  const { host, context, tlsVerify, certPath } = settings;
  if (host) {
    const endpoint = { address: host.value, source: host.source };
    return [tlsVerify && certPath ? { ...endpoint, tls: { folder: certPath, verify: true } } : endpoint];
  }
  const name = context ?? currentContext(settings.configFolder);
  if (name && name.value !== "default") return [contextEndpoint(name.value, name.source, settings.configFolder)];
  return sockets(settings).map((path) => ({ address: `unix://${path}`, source: usualPlace }));
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
  if (!existsSync(file)) return undefined; // no Docker client was ever set up here
  try {
    const { currentContext: value } = clientConfig.parse(JSON.parse(readFileSync(file, "utf8")));
    return value ? { value, source: `the current context in ${file}` } : undefined;
  } catch (cause) {
    // The engine that it names may be another one than this machine's.
    throw new UnreachableError(
      "OC0000",
      `Which Docker engine to use cannot be read from ${file} (${cause instanceof Error ? cause.message.split("\n")[0] : cause})`,
      "Mend that file, or set DOCKER_HOST or DOCKER_CONTEXT",
      { cause },
    );
  }
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
      "OC0000",
      `There is no usable Docker context ${JSON.stringify(name)} (named by ${source})`,
      "`docker context ls` lists those there are; set DOCKER_CONTEXT or openai-containers:dockerContext to one of them",
      { cause },
    );
  }
}
