import { isDeepStrictEqual } from "node:util";
import { type Code, coded } from "../codes";
import { canonicalDomain } from "../model/domains";
import { certificateNames } from "../model/egress-settings";
import { quoted, shortened } from "../model/quoted";
import { withoutFolderPath } from "../model/skills";
import { at, holdsUnknown, leadsToUnknown } from "../model/unknowns";

type Properties = Record<string, unknown>;

/** A list whose changes Pulumi cannot show well: it compares by position, and of a secret it shows nothing. */
interface Kind {
  code: Code;
  what: string;
  /** Its path, the argument first. */
  path: [argument: string, ...string[]];
  /** The names under which a person knows a member, each with the content that may change. */
  entries(member: unknown): [name: string, content: unknown][];
  added: string;
  removed: string;
  changed?: string;
  hasOrder?: true;
}

const itself = (member: unknown): [string, unknown][] => [[String(member), undefined]];

const secretCode = "OC3002" satisfies Code;

export const listKinds: Kind[] = [
  {
    code: "OC3001",
    what: "allowed domains",
    path: ["networkPolicy", "allowedDomains"],
    entries: (member) => itself(canonicalDomain(String(member)) || member),
    added: "now reachable",
    removed: "no longer reachable",
  },
  {
    code: secretCode,
    what: "domain secrets",
    path: ["networkPolicy", "domainSecrets"],
    entries: (member) => [[`${at(member, "name")} for ${at(member, "domain")}`, at(member, "value")]],
    added: "added",
    removed: "removed",
    changed: "value changed",
  },
  {
    code: "OC3003",
    what: "CA certificates",
    path: ["docker", "egress", "certificateAuthorities"],
    entries: (member) => certificateNames(String(member)).map((name) => [name, undefined]),
    added: "now trusted",
    removed: "no longer trusted",
  },
  {
    code: "OC3004",
    what: "private ranges",
    path: ["docker", "egress", "privateRanges"],
    entries: itself,
    added: "now reachable",
    removed: "no longer reachable",
  },
  {
    code: "OC3005",
    what: "skills",
    path: ["skills"],
    entries: (member) => [[String(at(member, "skillId") ?? at(member, "name")), withoutFolderPath(member)]],
    added: "added",
    removed: "removed",
    changed: "changed",
    hasOrder: true,
  },
  {
    code: "OC3006",
    what: "files",
    path: ["fileIds"],
    entries: itself,
    added: "added",
    removed: "removed",
  },
];

/**
 * The changes that a replacement makes to lists, in one line for each kind of member:
 * `OC3001: allowed domains: now reachable "a.example.com", "b.example.com"; no longer reachable "c.example.com"`.
 * Secrets are named and never shown.
 * @param secretArguments the arguments that the program made secret, of which no member is named
 */
export function changeLines(before: Properties, after: Properties, secretArguments: readonly string[]): string[] {
  return listKinds.flatMap((kind) => {
    const changes = changesOf(kind, before, after);
    if (changes.length === 0) return [];
    const isSecret = secretArguments.includes(kind.path[0]);
    return [coded(kind.code, `${kind.what}: ${isSecret ? "changed (secret)" : changes.join("; ")}`)];
  });
}

/** The line about the domain secrets of a new container: Pulumi shows them as one, and names none. */
export function newSecretLines(inputs: Properties, secretArguments: readonly string[]): string[] {
  return changeLines({}, inputs, secretArguments).filter((line) => line.startsWith(secretCode));
}

function changesOf(kind: Kind, before: Properties, after: Properties): string[] {
  const old = membersOf(kind, before);
  const now = membersOf(kind, after);
  const stay = [...now.keys()].filter((name) => old.has(name));
  const stayed = [...old.keys()].filter((name) => now.has(name));
  const added = [...now.keys()].filter((name) => !old.has(name));
  const changed = stay.filter((name) => !isDeepStrictEqual(old.get(name), now.get(name)));
  if (isKnown(kind, after)) {
    const removed = [...old.keys()].filter((name) => !now.has(name));
    const order = kind.hasOrder && !isDeepStrictEqual(stay, stayed) ? ["order changed"] : [];
    return [
      ...listed(kind.added, added),
      ...listed(kind.removed, removed),
      ...listed(kind.changed ?? "changed", changed),
      ...order,
    ];
  }
  const later = "some are not known before the update";
  return [...listed(kind.added, added), ...listed(kind.changed ?? "changed", changed), later];
}

/** The members that are known, by name. */
function membersOf({ path, entries }: Kind, properties: Properties): Map<string, unknown> {
  const list = path.reduce<unknown>(at, properties);
  const known: unknown[] = Array.isArray(list) ? list.filter((member) => !holdsUnknown(member)) : [];
  return new Map(known.flatMap(entries));
}

function isKnown({ path }: Kind, properties: Properties): boolean {
  return !leadsToUnknown(properties, path) && !holdsUnknown(path.reduce<unknown>(at, properties));
}

function listed(change: string, names: string[]): string[] {
  return names.length > 0 ? [`${change} ${names.map((name) => quoted(shortened(name))).join(", ")}`] : [];
}
