import { join } from "node:path";
import { BackendError } from "../../backend";
import type { Engine } from "../engine/engine";
import { type ClientConfig, parseClientConfig, readClientConfig, type StoredLogin, unreadable } from "./client-config";
import { askHelper } from "./credential-helper";
import { credentialsKey, loginCommand } from "./registry";

/** Credentials for a registry, and which source they are from, for messages. */
export interface Credentials {
  /** As an engine takes them. */
  auth: { serveraddress: string } & Omit<StoredLogin, "auth">;
  source: string;
}

/** What a pull has for its registry; unusable where a warning says why the credentials cannot be used. */
export type FoundCredentials = Credentials | "none" | "unusable";

/**
 * Finds the credentials for a registry as Docker's client does: in `DOCKER_AUTH_CONFIG`, then by the credential helper or in
 * the file of its configuration folder.
 * @throws BackendError where a source cannot be read or a helper fails
 */
export async function findCredentials(
  registry: string,
  { configFolder, authConfig }: Engine["credentialSettings"],
  helperTimeoutMs: number,
): Promise<Credentials | undefined> {
  const variable = "DOCKER_AUTH_CONFIG";
  const given = authConfig && storedCredentials(registry, parseClientConfig(authConfig, variable), variable);
  if (given) return given;

  const file = configFile(configFolder);
  const config = readClientConfig(file);
  const helper = config.credHelpers?.[credentialsKey(registry)] ?? config.credsStore;
  if (!helper) return storedCredentials(registry, config, file);

  const program = `docker-credential-${helper}`;
  const key = credentialsKey(registry);
  const outcome = await askHelper(program, key, helperTimeoutMs);
  if (outcome === "none") return undefined;
  if ("failure" in outcome) {
    throw new BackendError(
      "OC2611",
      `The credential helper ${program} (from ${file}) has no answer for the registry ${registry}: ${outcome.failure}`,
      `Check it with \`${program} list\`, or remove it from that file and run \`${loginCommand(registry)}\`. Until then images are pulled without credentials`,
    );
  }
  const { username, secret } = outcome;
  // The protocol's mark of an identity token.
  const login = username === "<token>" ? { identitytoken: secret } : { username, password: secret };
  return { auth: { serveraddress: key, ...login }, source: program };
}

export function configFile(configFolder: string): string {
  return join(configFolder, "config.json");
}

/** @throws BackendError */
function storedCredentials(registry: string, { auths }: ClientConfig, source: string): Credentials | undefined {
  const key = credentialsKey(registry);
  // Older clients stored `https://registry.example.com/v1/`.
  const name = auths?.[key] ? key : Object.keys(auths ?? {}).find((other) => hostOf(other) === key);
  const stored = name === undefined ? undefined : auths?.[name];
  if (!stored) return undefined;
  const { auth, ...rest } = stored;
  const login = { ...rest, ...(auth && decoded(auth, `${source} (auths, ${JSON.stringify(name)})`)) };
  // A client that uses a helper leaves an empty entry.
  return Object.values(login).some(Boolean) ? { auth: { serveraddress: key, ...login }, source } : undefined;
}

function hostOf(name: string): string {
  return name.replace(/^https?:\/\//, "").replace(/\/.*$/s, "");
}

/** @throws BackendError */
function decoded(auth: string, source: string): { username: string; password: string } {
  const text = Buffer.from(auth, "base64").toString().replace(/\0+$/, "");
  const colon = text.indexOf(":");
  if (colon < 1) throw unreadable(source, "its auth is not the base64 of user:password");
  return { username: text.slice(0, colon), password: text.slice(colon + 1) };
}
