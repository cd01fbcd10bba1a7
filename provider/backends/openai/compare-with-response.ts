import { comparableDomain } from "../../model/domains";
import { quoted as jsonOf } from "../../model/quoted";
import type { Observed } from "../../model/record";
import { redact } from "./redact";

/** The requested arguments that a response can confirm: secrets, skills and file ids are never returned. */
export interface Requested {
  name?: string | undefined;
  memoryLimit?: string | undefined;
  networkPolicy?: { type: string; allowedDomains?: string[] | undefined } | undefined;
  expiresAfter?: { anchor: string; minutes: number } | undefined;
}

/** How a response differs from its request. */
export interface Comparison {
  /** The arguments that it reports with other values, in words: `memoryLimit: requested "4g", reported "1g"`. */
  differences: string[];
  /** The arguments that it does not report, or not in a shape that can be read. */
  unconfirmed: string[];
}

/** Reported as unconfirmed where an allow list was requested and no list is reported. */
export const allowList = "networkPolicy.allowedDomains";

const shownDomains = 5; // of a list that differs
const maxLength = 100; // characters of a value that the service chose

/**
 * Compares a container as it was requested with what a service reports of it.
 * @param secrets values that are never quoted, whatever the service echoes
 */
export function compareWithResponse(requested: Requested, reported: Observed, secrets: readonly string[]): Comparison {
  const quoted = (text: string) => jsonOf(redact(text, secrets).slice(0, maxLength));
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

/** Two lists of domains, compared as sets: a wider list and a narrower one both differ. */
function listDifferences(
  requested: string[] = [],
  reported: string[] = [],
  quoted: (text: string) => string,
): string[] {
  const missing = without(requested, reported);
  const added = without(reported, requested);
  const some = (domains: string[]) => {
    const more = domains.length > shownDomains ? ` and ${domains.length - shownDomains} more` : "";
    return `${domains.slice(0, shownDomains).map(quoted).join(", ")}${more}`;
  };
  const parts = [
    ...(missing.length > 0 ? [`requested and not reported: ${some(missing)}`] : []),
    ...(added.length > 0 ? [`reported and not requested: ${some(added)}`] : []),
  ];
  return parts.length > 0 ? [`${allowList} ${parts.join(", ")}`] : [];
}

function without(domains: string[], others: string[]): string[] {
  const known = new Set(others.map(comparableDomain));
  return domains.filter((domain) => !known.has(comparableDomain(domain)));
}

function expiryText(expiresAfter: Requested["expiresAfter"]): string | undefined {
  return expiresAfter && `${expiresAfter.minutes} minutes after ${expiresAfter.anchor}`;
}
