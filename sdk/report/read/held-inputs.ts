import { hash } from "node:crypto";
import { type Inputs, secret } from "../preview";

const secretEnvelope = "4dabf18193072939515e22adb298388d"; // of Pulumi: sdk/go/common/resource/sig/sig.go
const longestText = 16_384;

/** The arguments of a container whose order means nothing. */
const sets = new Set(["allowedDomains", "domainSecrets", "privateRanges", "certificateAuthorities", "fileIds"]);

/**
 * The inputs as a preview holds them. A secret is `[secret]` in both forms of the JSON. Of a container the members of sets
 * are in one order, internal inputs are left out, and the values of domain secrets are never held: `--show-secrets` prints them in clear.
 */
export function heldInputs(inputs: Inputs, ofContainer: boolean): Inputs {
  const entries = Object.entries(inputs);
  const shown = ofContainer ? entries.filter(([name]) => !name.startsWith("__")) : entries;
  return Object.fromEntries(shown.map(([name, value]) => [name, heldValue(value, ofContainer ? name : "")]));
}

/** @param name of the argument of a container; empty elsewhere */
function heldValue(value: unknown, name: string): unknown {
  if (typeof value === "string") return value.length > longestText ? `sha256:${hash("sha256", value)}` : value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    const members = value.map((member) => heldValue(name === "domainSecrets" ? named(member) : member, name && "[]"));
    return sets.has(name) ? members.sort(byText) : members;
  }
  if (secretEnvelope in value) return secret;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, heldValue(member, name && key)]));
}

/** A domain secret by its domain and name alone. */
function named(member: unknown): unknown {
  if (typeof member !== "object" || member === null || secretEnvelope in member) return member;
  return Object.fromEntries(Object.entries(member).filter(([key]) => key === "domain" || key === "name"));
}

function byText(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}
