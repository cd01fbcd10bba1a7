import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { changeLines, listKinds } from "../../provider/lifecycle/list-changes";
import { containerSchema } from "../../provider/model/container";
import { listPaths } from "../../provider/model/schema-walk";
import { unknownValue } from "../../provider/model/unknowns";

const pem = readFileSync(join(__dirname, "../support/egress/authority.pem"), "utf8");

function policy(allowedDomains: unknown, domainSecrets?: unknown) {
  return {
    networkPolicy: { type: "allowlist", allowedDomains, ...(domainSecrets !== undefined && { domainSecrets }) },
  };
}
const secret = (name: string, value: string, domain = "api.github.com") => ({ domain, name, value });
const disabled = { networkPolicy: { type: "disabled" } };
const skill = (skillId: string, version?: string) => ({
  type: "skill_reference",
  skillId,
  ...(version !== undefined && { version }),
});
const inline = (name: string, data: string) => ({ type: "inline", name, description: "", source: { data } });

const cases: [what: string, before: object, after: object, lines: string[]][] = [
  [
    "added and removed domains",
    policy(["a.example.com", "b.example.com", "c.example.com"]),
    policy(["d.example.com", "a.example.com", "b.example.com", "e.example.com"]),
    ['OC3001: allowed domains: now reachable "d.example.com", "e.example.com"; no longer reachable "c.example.com"'],
  ],
  [
    "nothing for the same domains in another order",
    policy(["a.example.com", "b.example.com"]),
    policy(["b.example.com", "a.example.com"]),
    [],
  ],
  [
    "a first allow list",
    disabled,
    policy(["a.example.com"]),
    ['OC3001: allowed domains: now reachable "a.example.com"'],
  ],
  [
    "a removed allow list, with its secret",
    policy(["a.example.com"], [secret("K", "1", "a.example.com")]),
    disabled,
    [
      'OC3001: allowed domains: no longer reachable "a.example.com"',
      'OC3002: domain secrets: removed "K for a.example.com"',
    ],
  ],
  [
    "secrets, by name and domain only",
    policy([], [secret("GITHUB_TOKEN", "old"), secret("OLD", "1"), secret("SAME", "1")]),
    policy([], [secret("SAME", "1"), secret("NEW", "1"), secret("GITHUB_TOKEN", "new")]),
    [
      'OC3002: domain secrets: added "NEW for api.github.com"; removed "OLD for api.github.com"; value changed "GITHUB_TOKEN for api.github.com"',
    ],
  ],
  [
    "certificates and private ranges",
    { docker: { egress: { privateRanges: ["10.1.0.0/16", "10.2.0.0/16"] } } },
    { docker: { egress: { privateRanges: ["10.1.0.0/16"], certificateAuthorities: [pem] } } },
    [
      'OC3003: CA certificates: now trusted "CN=tests (SHA-256 57:77:F2:53:90:E7:66:70…)"',
      'OC3004: private ranges: no longer reachable "10.2.0.0/16"',
    ],
  ],
  [
    "skills",
    { skills: [skill("skill_1", "1"), inline("style", "AA"), skill("skill_2")] },
    { skills: [skill("skill_1", "2"), inline("style", "BB"), skill("skill_3")] },
    ['OC3005: skills: added "skill_3"; removed "skill_2"; changed "skill_1", "style"'],
  ],
  [
    "a skill with a long name, of which it has 200 characters",
    { skills: [] },
    { skills: [inline("x".repeat(10_000), "AA")] },
    [`OC3005: skills: added "${"x".repeat(200)}…"`],
  ],
  [
    "skills in another order",
    { skills: [skill("skill_1"), skill("skill_2")] },
    { skills: [skill("skill_2"), skill("skill_1")] },
    ["OC3005: skills: order changed"],
  ],
  ["files", { fileIds: ["file-1"] }, { fileIds: ["file-2"] }, ['OC3006: files: added "file-2"; removed "file-1"']],
  [
    "no removal while some members are unknown",
    policy(["a.example.com", "b.example.com"]),
    policy(["C.example.com", "a.example.com", unknownValue]),
    ['OC3001: allowed domains: now reachable "c.example.com"; some are not known before the update'],
  ],
  [
    "an unknown policy",
    policy(["a.example.com"], [secret("K", "1")]),
    { networkPolicy: unknownValue },
    [
      "OC3001: allowed domains: some are not known before the update",
      "OC3002: domain secrets: some are not known before the update",
    ],
  ],
  [
    "unknown secrets beside known domains",
    policy(["a.example.com", "b.example.com"]),
    policy(["a.example.com"], unknownValue),
    [
      'OC3001: allowed domains: no longer reachable "b.example.com"',
      "OC3002: domain secrets: some are not known before the update",
    ],
  ],
  [
    "escapes instead of control characters, as a service may report any text",
    policy(["\u001b[2Ja\u202e\u009b1m\u{e0001}"]),
    disabled,
    ['OC3001: allowed domains: no longer reachable "\\u001b[2Ja\\u202e\\u009b1m\\udb40\\udc01"'],
  ],
];

describe("the lines about changes in lists", () => {
  it("cover each list of the definition of a container", () => {
    const paths = (lists: string[][]) => lists.map((path) => path.join(".")).toSorted();
    assert.deepEqual(paths(listKinds.map(({ path }) => path)), paths(listPaths(containerSchema)));
  });

  for (const [what, before, after, lines] of cases) {
    it(`show ${what}`, () => {
      assert.deepEqual(changeLines({ ...before }, { ...after }, []), lines);
    });
  }

  it("can be parsed by a program, with any names", () => {
    const name = 'a"; removed "b';
    const [line = ""] = changeLines({}, { skills: [inline(name, "AA")] }, []);
    const [, list = ""] = /^OC\d{4}: skills: added (.+)$/.exec(line) ?? [];
    assert.deepEqual(JSON.parse(`[${list}]`), [name]);
  });

  it("name nothing of an argument that the program made secret", () => {
    const lines = changeLines(policy(["a.example.com"], [secret("K", "1")]), policy(["b.example.com"], []), [
      "networkPolicy",
    ]);
    assert.deepEqual(lines, ["OC3001: allowed domains: changed (secret)", "OC3002: domain secrets: changed (secret)"]);
  });

  it("never show a secret's value", () => {
    const values = ["CANARY-1", "CANARY-2"].map((value) => policy([], [secret("K", value)]));
    const [before = {}, after = {}] = values;
    assert.doesNotMatch(changeLines(before, after, []).join("\n"), /CANARY/);
  });
});
