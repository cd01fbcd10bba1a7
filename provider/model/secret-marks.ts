import { containerSchema } from "./container";
import { listMeta } from "./field";
import { listPaths } from "./schema-walk";

/** How Pulumi marks a secret on its wire (`specialSigKey`, `specialSecretSig` in the SDK's runtime/rpc; a test compares). */
const secretMark = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

/** The paths of the lists that are always secret. */
export const secretPaths = listPaths(containerSchema, (list) => listMeta.get(list)?.isSecret === true);

/**
 * A container's properties with its secret lists marked as secret. A transform of the program may add secrets after the
 * class has marked its own. Pulumi encrypts a marked value and does not show it.
 */
export function withSecretsMarked(properties: Record<string, unknown>): Record<string, unknown> {
  return secretPaths.reduce(marked, properties);
}

function marked(properties: Record<string, unknown>, [key = "", ...rest]: readonly string[]): Record<string, unknown> {
  const { [key]: value } = properties;
  if (value === undefined) return properties;
  if (rest.length === 0) return { ...properties, [key]: { ...secretMark, value } };
  return typeof value === "object" ? { ...properties, [key]: marked({ ...value }, rest) } : properties;
}
