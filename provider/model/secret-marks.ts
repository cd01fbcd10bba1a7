import { at } from "./unknowns";

/** How Pulumi marks a secret on its wire (`specialSigKey`, `specialSecretSig` in the SDK's runtime/rpc; a test compares). */
const secretMark = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

/**
 * A container's properties with its domain secrets marked, wherever they came from: a transform of the program adds some
 * after the class has marked its own. Pulumi encrypts what is marked, and shows none of it.
 */
export function withSecretsMarked(properties: Record<string, unknown>): Record<string, unknown> {
  const policy = properties["networkPolicy"];
  const value = at(policy, "domainSecrets");
  if (value === undefined || typeof policy !== "object") return properties;
  return { ...properties, networkPolicy: { ...policy, domainSecrets: { ...secretMark, value } } };
}
