import { clausesOf } from "../coded-line";
import { eachContainer, type FindingId, type ResourceFinding } from "../finding";
import type { Change } from "../preview";
import { changes, property } from "../property";

const path = "networkPolicy.domainSecrets";

type SecretFinding = ResourceFinding<FindingId>;

interface Kind {
  id: FindingId;
  side: "before" | "after";
  sentence: string;
}

const rotated: Kind = { id: "secret-rotated", side: "after", sentence: "has a new value" };

/** By the words of the provider at diff (OC3002). */
const kinds = new Map<string, Kind>([
  ["added", { id: "secret-added", side: "after", sentence: "is injected into requests from now on" }],
  ["removed", { id: "secret-removed", side: "before", sentence: "is no longer injected into requests" }],
  ["value changed", rotated],
]);

/** Which domain secrets change, by name and domain. Their values are nowhere in a preview, nor here. */
export const secrets = eachContainer((change) => {
  const line = change.lines.find(({ code }) => code === "OC3002");
  const clauses = line ? clausesOf(line.text) : [];
  const named = clauses.flatMap(({ change: how, names }) => names.map((name) => findingOf(how, name)));
  const isWhole = clauses.length > 0 && clauses.every(({ names }) => names.length > 0);
  return isWhole || !mayDiffer(change) ? named : [...named, notNamed(change)];
});

function mayDiffer(change: Change): boolean {
  const hasSecrets = property(change.after, path) !== undefined;
  return hasSecrets && (change.operation === "create" || changes(change, path));
}

function notNamed({ operation }: Change): SecretFinding {
  return operation === "create"
    ? { id: "secret-added", path, sentence: "New, with domain secrets that the preview does not name." }
    : { id: "secret-rotated", path, sentence: "Domain secrets change that the preview does not name." };
}

function findingOf(how: string, name: string): SecretFinding {
  const { id, side, sentence } = kinds.get(how) ?? rotated;
  return { id, path, [side]: [name], sentence: `Domain secret ${JSON.stringify(name)} ${sentence}.` };
}
