import { canonicalDomain, mistakeInDomain } from "../../model/domains";
import type { Observed } from "../../model/record";
import { redact } from "./api-errors";

/** What was requested of a container, as far as an answer can confirm it: secrets, skills and file ids are never returned. */
export interface Requested {
  name?: string;
  memoryLimit?: string;
  networkPolicy?: { type: string; allowedDomains?: string[] | undefined };
  expiresAfter?: { anchor: string; minutes: number };
}

/** What an answer says of what was requested. */
export interface Confirmation {
  /** What it reports otherwise, in words: `memoryLimit: requested "4g", reported "1g"`. */
  differences: string[];
  /** The arguments that it does not report, or not in a shape that can be read. */
  unconfirmed: string[];
}

/** Reported as unconfirmed where an allow list was requested and no list is reported. */
export const allowList = "networkPolicy.allowedDomains";

const shown = 5; // domains of a list that differs
const longest = 100; // characters of a value that somebody else chose

/**
 * Holds what a service reports of a container against what was requested.
 * @param secrets values that are never quoted, whatever the service echoes
 */
export function confirmation(requested: Requested, reported: Observed, secrets: readonly string[]): Confirmation {
  const quoted = (text: string) => JSON.stringify(redact(text, secrets).slice(0, longest));
  const differences: string[] = [];
  const unconfirmed: string[] = [];
  const compare = (argument: string, one: string | undefined, other: string | undefined) => {
    if (one === undefined || one === other) return;
    if (other === undefined) unconfirmed.push(argument);
    else differences.push(`${argument}: requested ${quoted(one)}, reported ${quoted(other)}`);
  };

  const { networkPolicy: policy } = requested;
  if (policy?.type === "allowlist" && reportsNoList(reported)) unconfirmed.push(allowList);
  else compare("networkPolicy", policy?.type, reported.networkPolicy?.type);
  if (policy && policy.type === reported.networkPolicy?.type && !unconfirmed.includes(allowList)) {
    differences.push(...listDifferences(policy.allowedDomains, reported.networkPolicy.allowedDomains, quoted));
  }
  compare("memoryLimit", requested.memoryLimit, reported.memoryLimit);
  compare("expiresAfter", expiryText(requested.expiresAfter), expiryText(reported.expiresAfter));
  compare("name", requested.name, reported.name);
  return { differences, unconfirmed };
}

function reportsNoList({ networkPolicy: policy }: Observed): boolean {
  return policy === undefined || (policy.type === "allowlist" && policy.allowedDomains === undefined);
}

/** Two lists of domains as the sets that they mean: a wider one and a narrower one are both another one. */
function listDifferences(
  requested: string[] = [],
  reported: string[] = [],
  quoted: (text: string) => string,
): string[] {
  const missing = without(requested, reported);
  const added = without(reported, requested);
  const some = (domains: string[]) => {
    const more = domains.length > shown ? ` and ${domains.length - shown} more` : "";
    return `${domains.slice(0, shown).map(quoted).join(", ")}${more}`;
  };
  const parts = [
    ...(missing.length > 0 ? [`requested and not reported: ${some(missing)}`] : []),
    ...(added.length > 0 ? [`reported and not requested: ${some(added)}`] : []),
  ];
  return parts.length > 0 ? [`${allowList} ${parts.join(", ")}`] : [];
}

function without(domains: string[], others: string[]): string[] {
  const known = new Set(others.map(comparable));
  return domains.filter((domain) => !known.has(comparable(domain)));
}

/** What is no host name stays as it is: encoding cuts a path off, and `evil.example/` would pass for another name. */
function comparable(domain: string): string {
  return mistakeInDomain(domain) === undefined ? canonicalDomain(domain) : domain;
}

function expiryText(expiresAfter: Requested["expiresAfter"]): string | undefined {
  return expiresAfter && `${expiresAfter.minutes} minutes after ${expiresAfter.anchor}`;
}
