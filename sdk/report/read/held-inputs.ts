import { createHash } from "node:crypto";
import { type Inputs, secret } from "../preview";

const secretEnvelope = "4dabf18193072939515e22adb298388d"; // of Pulumi: sdk/go/common/resource/sig/sig.go
const longestText = 16_384;

/**
 * The inputs as a preview holds them. A secret is `[secret]` in both forms of the JSON, and the values of domain secrets
 * are never held: `--show-secrets` prints them in clear.
 */
export function heldInputs(inputs: Inputs): Inputs {
  const shown = Object.entries(inputs).filter(([name]) => !name.startsWith("__"));
  return Object.fromEntries(shown.map(([name, value]) => [name, held(value, name)]));
}

function held(value: unknown, name: string): unknown {
  if (typeof value === "string") return value.length > longestText ? digest(value) : value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((member) => held(name === "domainSecrets" ? named(member) : member, ""));
  if (secretEnvelope in value) return secret;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, held(member, key)]));
}

/** A domain secret by its domain and name alone. */
function named(member: unknown): unknown {
  if (typeof member !== "object" || member === null || secretEnvelope in member) return member;
  return Object.fromEntries(Object.entries(member).filter(([key]) => key === "domain" || key === "name"));
}

function digest(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}
