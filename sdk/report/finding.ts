import { type Change, isContainer, type Preview } from "./preview";

/** Something about a preview that a reviewer should know. */
export interface Finding {
  /** A stable name, such as `egress-widened`. */
  readonly id: string;
  /** The resource; undefined for a finding about the whole run. */
  readonly urn: string | undefined;
  /** The resource's name in the program; undefined for a finding about the whole run. */
  readonly resource: string | undefined;
  /** The path of the property, such as `networkPolicy.allowedDomains`; empty for the resource as a whole. */
  readonly path: string;
  /** What is there no more. Never the value of a secret. */
  readonly before: readonly string[];
  /** What is there instead, or in addition. Never the value of a secret. */
  readonly after: readonly string[];
  /** One sentence, plain text. Names are quoted as JSON. */
  readonly sentence: string;
  /** The heaviest findings come first. */
  readonly weight: number;
}

/** A pure function from a preview to findings. */
export type Rule = (preview: Preview) => readonly Finding[];

/** The findings of this package, from the heaviest to the lightest. */
export const findingWeights = {
  "egress-widened": 100,
  "backend-switched": 95,
  "protection-removed": 90,
  deleted: 85,
  replaced: 80,
  "secret-added": 75,
  "secret-removed": 70,
  "secret-rotated": 70,
  "not-verified": 65,
  "image-unpinned": 60,
  "runtime-changed": 58,
  "image-changed": 55,
  "skill-unpinned": 50,
  "skill-changed": 45,
  "files-changed": 43,
  "memory-raised": 40,
  imported: 35,
  expired: 30,
  "egress-narrowed": 20,
  "memory-lowered": 10,
} as const;

/** The id of a finding of this package. */
export type FindingId = keyof typeof findingWeights;

/** What a rule says of a resource; the rest of the finding is the resource's. */
export interface ResourceFinding<Id extends string> {
  id: Id;
  path?: string;
  before?: readonly string[];
  after?: readonly string[];
  sentence: string;
}

/** A rule that judges each changed container by itself. */
export function eachContainer(judge: (change: Change) => readonly ResourceFinding<FindingId>[]): Rule {
  return ({ changes }) =>
    changes.filter(isContainer).flatMap((change) =>
      judge(change).map(({ id, path = "", before = [], after = [], sentence }) => {
        const { urn, name: resource } = change;
        return { id, urn, resource, path, before, after, sentence, weight: findingWeights[id] };
      }),
    );
}

const mostNames = 20;

/** Names, quoted as JSON, in a sentence: `"a" and "b"`. Of many it has the first; `before` and `after` have all. */
export function quoted(names: readonly string[]): string {
  const shown = names.slice(0, mostNames).map((name) => JSON.stringify(name));
  return listed(names.length > mostNames ? [...shown, `${names.length - mostNames} more`] : shown);
}

/** `a, b and c` */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
