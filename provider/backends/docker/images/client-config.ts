import { readFileSync } from "node:fs";
import { z } from "zod";
import { BackendError } from "../../backend";
import { failureCode } from "../engine/failure";

const login = z.object({
  /** `user:password` in base64. */
  auth: z.string().optional(),
  username: z.string().optional(),
  password: z.string().optional(),
  identitytoken: z.string().optional(),
  registrytoken: z.string().optional(),
});
export type StoredLogin = z.output<typeof login>;

const helper = z.string().regex(/^[\w.-]*$/, "it is not the name of a credential helper"); // part of a program's name

/** The part of a Docker client's configuration that is about registries. */
const clientConfig = z.object({
  auths: z.record(z.string(), login).nullish(),
  credsStore: helper.nullish(),
  credHelpers: z.record(z.string(), helper).nullish(),
});
export type ClientConfig = z.output<typeof clientConfig>;

/** @throws BackendError for a file that cannot be read; a missing one is an empty configuration */
export function readClientConfig(file: string): ClientConfig {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const code = failureCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return {};
    throw unreadable(file, code ?? "it is not readable");
  }
  return parseClientConfig(text, file);
}

/**
 * @param source the file or variable, for messages
 * @throws BackendError without the parser's own message, which quotes the text
 */
export function parseClientConfig(text: string, source: string): ClientConfig {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw unreadable(source, "it is not valid JSON");
  }
  const { data, error } = clientConfig.safeParse(content);
  if (data) return data;
  const { path = [], message = "" } = error.issues[0] ?? {};
  throw unreadable(source, `${path.join(".") || "its content"}: ${message}`);
}

export function unreadable(source: string, reason: string): BackendError {
  return new BackendError(
    "OC2610",
    `Cannot read the credentials of registries from ${source}: ${reason}`,
    "Correct it. Until then images are pulled without credentials",
  );
}
