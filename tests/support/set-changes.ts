/** A change of a set with three members, and its expected preview. */
export interface Change {
  members(before: readonly [string, string, string], fresh: string): string[];
  /** The lines of Pulumi's diff, without indentation; none without a change. */
  shown(before: readonly [string, string, string], fresh: string): string[];
  /** The members afterwards, by position. */
  planned(before: readonly [string, string, string], fresh: string): string[];
  logLine(words: Words, before: readonly [string, string, string], fresh: string): string;
}

export interface Words {
  line: string;
  added: string;
  removed: string;
}

const added = ({ line, added }: Words, _: unknown, fresh: string) => `${line}: ${added} "${fresh}"`;
export const setChanges: Record<string, Change> = {
  front: {
    members: ([a, b, c], fresh) => [fresh, a, b, c],
    shown: (_, fresh) => [`+ [3]: "${fresh}"`],
    planned: (before, fresh) => [...before, fresh],
    logLine: added,
  },
  middle: {
    members: ([a, b, c], fresh) => [a, fresh, b, c],
    shown: (_, fresh) => [`+ [3]: "${fresh}"`],
    planned: (before, fresh) => [...before, fresh],
    logLine: added,
  },
  removed: {
    members: ([a, , c]) => [a, c],
    shown: ([, b, c]) => [`~ [1]: "${b}" => "${c}"`, `- [2]: "${c}"`],
    planned: ([a, , c]) => [a, c],
    logLine: ({ line, removed }, [, b]) => `${line}: ${removed} "${b}"`,
  },
  exchanged: {
    members: ([a, , c], fresh) => [c, fresh, a],
    shown: ([, b], fresh) => [`~ [1]: "${b}" => "${fresh}"`],
    planned: ([a, , c], fresh) => [a, fresh, c],
    logLine: ({ line, added, removed }, [, b], fresh) => `${line}: ${added} "${fresh}"; ${removed} "${b}"`,
  },
  reversed: {
    members: ([a, b, c]) => [c, b, a],
    shown: () => [],
    planned: (before) => [...before],
    logLine: () => "",
  },
};

/** A set of a container's arguments. */
export interface SetOf {
  before: readonly [string, string, string];
  fresh: string;
  args(members: readonly string[]): object;
  words: Words;
  /** Its path in the inputs. */
  path: string[];
  /** Pulumi shows only that it differs. */
  isSecret?: true;
}

const domains = {
  before: ["api.example.com", "docs.example.com", "npm.example.com"],
  fresh: "evil.example.com",
} as const;

export const hostedSets: Record<string, SetOf> = {
  allowedDomains: {
    ...domains,
    args: (allowedDomains) => ({ networkPolicy: { type: "allowlist", allowedDomains } }),
    words: { line: "OC3001: allowed domains", added: "now reachable", removed: "no longer reachable" },
    path: ["networkPolicy", "allowedDomains"],
  },
  fileIds: {
    before: ["file-a", "file-b", "file-c"],
    fresh: "file-evil",
    args: (fileIds) => ({ fileIds }),
    words: { line: "OC3006: files", added: "added", removed: "removed" },
    path: ["fileIds"],
  },
  domainSecrets: {
    before: ["A for api.example.com", "B for api.example.com", "C for api.example.com"],
    fresh: "EVIL for api.example.com",
    args: (names) => ({
      networkPolicy: {
        type: "allowlist",
        allowedDomains: ["api.example.com"],
        domainSecrets: names.map((name) => ({
          domain: "api.example.com",
          name: name.split(" ")[0],
          value: `CANARY ${name}`,
        })),
      },
    }),
    words: { line: "OC3002: domain secrets", added: "added", removed: "removed" },
    path: ["networkPolicy", "domainSecrets"],
    isSecret: true,
  },
};
