import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Setting } from "../../../../config";
import { UnreachableError } from "../../../backend";
import { failureCode } from "../failure";
import type { Endpoint } from "./endpoint";

const clientConfig = z.object({ currentContext: z.string().optional() });

/**
 * The name of the Docker client's current context, if one was ever chosen.
 * @throws UnreachableError where the client's configuration cannot be read: it may name another engine than this machine's
 */
export function currentContextName(configFolder: string): Setting | undefined {
  const file = join(configFolder, "config.json");
  if (!existsSync(file)) return undefined;
  try {
    const { currentContext: value } = clientConfig.parse(JSON.parse(readFileSync(file, "utf8")));
    return value ? { value, source: `the current context in ${file}` } : undefined;
  } catch (cause) {
    throw new UnreachableError(
      "OC2211",
      `Cannot read the current Docker context from ${file}: ${reasonOf(cause, "currentContext must be a string")}`,
      "Repair that file, or set DOCKER_HOST or DOCKER_CONTEXT",
    );
  }
}

const contextMeta = z.object({
  Endpoints: z.object({ docker: z.object({ Host: z.string(), SkipTLSVerify: z.boolean().optional() }) }),
});

/**
 * The endpoint of a context. Contexts are stored under the SHA-256 of their name, their certificates beside them.
 * @throws UnreachableError where there is no such context, or it cannot be read
 */
export function contextEndpoint({ value: name, source }: Setting, configFolder: string): Endpoint {
  const folder = createHash("sha256").update(name).digest("hex");
  const file = join(configFolder, "contexts", "meta", folder, "meta.json");
  if (!existsSync(file))
    throw new UnreachableError(
      "OC2212",
      `There is no Docker context ${JSON.stringify(name)} (from ${source})`,
      "Set DOCKER_CONTEXT or openai-containers:dockerContext to a context that `docker context ls` lists",
    );
  const { Host: address, SkipTLSVerify: skip } = readMeta(file, name, source);
  const tls = join(configFolder, "contexts", "tls", folder, "docker");
  const hasFiles = ["ca.pem", "cert.pem", "key.pem"].some((each) => existsSync(join(tls, each)));
  const usesTls = address.startsWith("tcp://") && (skip || hasFiles);
  return { address, source: `context ${name}`, ...(usesTls ? { tls: { folder: tls, verify: !skip } } : {}) };
}

function readMeta(file: string, name: string, source: string) {
  try {
    return contextMeta.parse(JSON.parse(readFileSync(file, "utf8"))).Endpoints.docker;
  } catch (cause) {
    throw new UnreachableError(
      "OC2501",
      `Cannot read the Docker context ${JSON.stringify(name)} (from ${source}) from ${file}: ${reasonOf(cause, "it has no Docker endpoint")}`,
      "Create the context again with `docker context rm` and `docker context create`, or use another one",
    );
  }
}

/** Without the parser's own message, which quotes the file: it may have credentials of registries. */
function reasonOf(error: unknown, mismatch: string): string {
  if (error instanceof SyntaxError) return "it is not valid JSON";
  return error instanceof z.ZodError ? mismatch : String(failureCode(error) ?? error);
}
