import { certificateNames } from "../../../provider/model/egress-settings";
import { eachContainer, type FindingId, quoted, type ResourceFinding } from "../finding";
import type { Change } from "../preview";
import { changes, hides, property, text, texts } from "../property";

type EgressFinding = ResourceFinding<FindingId>;

/**
 * What a container can reach that it could not before, and the other way round. A new one could reach nothing; an imported
 * one stays as it is.
 */
export const egress = eachContainer((change) => {
  if (change.operation === "delete" || change.operation === "import") return [];
  const { before, after } = change;
  const [was, is] = [typeOf(before), typeOf(after)];
  if (is === undefined) return hiddenPolicy(change);
  if (was !== "disabled" && is === "disabled") return [closed(change)];
  const opened = before && was === "disabled" && is !== "disabled" ? "The network is opened, by an allow list. " : "";
  return [
    ...list(change, { ...domains, added: `${opened}${domains.added}` }),
    ...list(change, ranges),
    ...list(change, certificates),
  ];
});

/** Undefined where a preview hides it. */
function typeOf(inputs: Change["after"]): string | undefined {
  const path = "networkPolicy.type";
  return property(inputs, path) === undefined ? "disabled" : text(inputs, path);
}

/** A policy that may be wider is taken for one. */
function hiddenPolicy(change: Change): EgressFinding[] {
  const path = "networkPolicy";
  const sentence = "The network policy is a secret, or is not known before the update: it may allow any domain.";
  return changes(change, path) ? [{ id: "egress-widened", path, sentence }] : [];
}

function closed({ before }: Change): EgressFinding {
  const sentence = "The network is closed: no domain is reachable any more.";
  return { id: "egress-narrowed", path: "networkPolicy.type", before: texts(before, domains.path), sentence };
}

/** A list whose every member is something more to reach. */
interface List {
  path: string;
  /** The names of a member. */
  names(member: string): readonly string[];
  added: string;
  removed: string;
  hidden: string;
}

const domains: List = {
  path: "networkPolicy.allowedDomains",
  names: (domain) => [domain],
  added: "Now reachable:",
  removed: "No longer reachable:",
  hidden: "Allowed domains",
};

const ranges: List = {
  path: "docker.egress.privateRanges",
  names: (range) => [range],
  added: "Allowed domains may now resolve to addresses in private networks:",
  removed: "Allowed domains may no longer resolve to addresses in private networks:",
  hidden: "Private networks",
};

const certificates: List = {
  path: "docker.egress.certificateAuthorities",
  names: (pem) => {
    const names = certificateNames(pem);
    return names.length > 0 ? names : [pem]; // a digest of many
  },
  added: "Servers are now trusted, and may receive secrets, whose certificates are issued by:",
  removed: "Servers are no longer trusted whose certificates are issued by:",
  hidden: "CA certificates",
};

function list(change: Change, { path, names, added, removed, hidden }: List): EgressFinding[] {
  const old = new Set(texts(change.before, path).flatMap(names));
  const now = new Set(texts(change.after, path).flatMap(names));
  const gained = [...now].filter((name) => !old.has(name));
  const lost = [...old].filter((name) => !now.has(name));
  const findings: EgressFinding[] = [];
  if (gained.length > 0)
    findings.push({ id: "egress-widened", path, after: gained, sentence: `${added} ${quoted(gained)}.` });
  if (hides(change.after, path)) {
    const sentence = `${hidden} are secret, or some are not known before the update.`;
    if (changes(change, path)) findings.push({ id: "egress-widened", path, sentence });
  } else if (lost.length > 0)
    findings.push({ id: "egress-narrowed", path, before: lost, sentence: `${removed} ${quoted(lost)}.` });
  return findings;
}
