import assert from "node:assert/strict";
import { unknownValue } from "../../provider/model/unknowns";
import { findingsOf, reportOf } from "../../sdk/report";
import { findings, short, shortOf } from "../support/report/findings";
import { containerType, type Planned, plain, previewJson } from "../support/report/planned";
import { previewOf } from "../support/report/preview-of";

const allowlist = (...allowedDomains: string[]) => ({ ...plain, networkPolicy: { type: "allowlist", allowedDomains } });

describe("egress findings", () => {
  const policy = (networkPolicy: unknown) => ({ ...plain, networkPolicy });
  const cases: Record<string, [Planned, string[]]> = {
    "name the domains of a new container": [
      { name: "box", op: "create", after: allowlist("a.example.com") },
      ["egress-widened networkPolicy.allowedDomains [] → [a.example.com]"],
    ],
    "say nothing of the order of domains": [
      {
        name: "box",
        op: "replace",
        before: allowlist("a.example.com", "b.example.com"),
        after: allowlist("b.example.com", "a.example.com"),
        reasons: ["expired"],
      },
      ["replaced networkPolicy [cntr_box] → []"],
    ],
    "take a secret policy that changes for a wider one": [
      { name: "box", op: "replace", before: policy("[secret]"), after: policy("[secret]"), paths: ["networkPolicy"] },
      [
        "egress-widened networkPolicy [] → []",
        "replaced networkPolicy [cntr_box] → []",
        "secret-rotated networkPolicy.domainSecrets [] → []",
      ],
    ],
    "say nothing of a secret policy that stays": [
      {
        name: "box",
        op: "replace",
        before: policy("[secret]"),
        after: policy("[secret]"),
        paths: ["expiresAfter.minutes"],
      },
      ["replaced expiresAfter [cntr_box] → []"],
    ],
    "take a policy that is not known yet for a wider one": [
      { name: "box", op: "replace", before: plain, after: policy(unknownValue) },
      [
        "egress-widened networkPolicy [] → []",
        "replaced networkPolicy [cntr_box] → []",
        "secret-rotated networkPolicy.domainSecrets [] → []",
      ],
    ],
    "take domains that are not known yet for new ones": [
      {
        name: "box",
        op: "replace",
        before: allowlist("a.example.com"),
        after: allowlist(unknownValue),
        paths: ["networkPolicy.allowedDomains[0]"],
      },
      ["egress-widened networkPolicy.allowedDomains [] → []", "replaced networkPolicy [cntr_box] → []"],
    ],
    "take secret domains of a new container for new ones": [
      { name: "box", op: "create", after: policy({ type: "allowlist", allowedDomains: "[secret]" }) },
      ["egress-widened networkPolicy.allowedDomains [] → []"],
    ],
    "say nothing of a deleted container": [
      { name: "box", op: "delete", before: allowlist("a.example.com") },
      ["deleted  [cntr_box] → []"],
    ],
  };
  for (const [what, [planned, expected]] of Object.entries(cases)) {
    it(what, async () => assert.deepEqual(await shortOf(planned), expected));
  }
});

describe("findings of domain secrets", () => {
  const withSecrets = (...secrets: [name: string, value: string][]) => ({
    ...plain,
    networkPolicy: {
      type: "allowlist",
      allowedDomains: ["a.example.com"],
      domainSecrets: secrets.map(([name, value]) => ({ domain: "a.example.com", name, value })),
    },
  });

  it("have a name that looks like the syntax of the provider's lines", async () => {
    const before = withSecrets();
    const after = {
      ...before,
      networkPolicy: { ...before.networkPolicy, domainSecrets: [{ domain: 'a"; removed "b', name: "X", value: "v" }] },
    };
    const found = await findings([
      { name: "box", op: "replace", before, after, paths: ["networkPolicy.domainSecrets"] },
    ]);
    assert.deepEqual(found.filter(({ path }) => path === "networkPolicy.domainSecrets").map(short), [
      'secret-added networkPolicy.domainSecrets [] → [X for a"; removed "b]',
    ]);
  });

  it("name those of a new container, which its fingerprint covers", async () => {
    const named = (...names: string[]) => ({
      name: "box",
      op: "create",
      after: withSecrets(["A", "1"]),
      lines: [`OC3002: domain secrets: added ${names.map((name) => JSON.stringify(name)).join(", ")}`],
    });
    const [one, other] = [named("A for a.example.com"), named("A for b.example.com")];
    assert.ok((await shortOf(one)).includes("secret-added networkPolicy.domainSecrets [] → [A for a.example.com]"));
    const fingerprints = [one, other].map(async (planned) => {
      return (await previewOf(JSON.stringify(previewJson([planned])))).fingerprint;
    });
    assert.notEqual(await fingerprints[0], await fingerprints[1]);
  });

  it("say that some change where the provider does not name them", async () => {
    const planned = {
      name: "box",
      op: "replace",
      before: withSecrets(["A", "1"]),
      after: withSecrets(["A", "1"]),
      paths: ["networkPolicy.domainSecrets"],
    };
    assert.deepEqual(await shortOf(planned), [
      "replaced networkPolicy [cntr_box] → []",
      "secret-rotated networkPolicy.domainSecrets [] → []",
    ]);
  });

  it("say that some are not known yet, besides those that are", async () => {
    const line = 'OC3002: domain secrets: added "A for a.example.com"; some are not known before the update';
    const planned = {
      name: "box",
      op: "replace",
      before: withSecrets(),
      after: withSecrets(),
      paths: ["networkPolicy.domainSecrets"],
      lines: [line],
    };
    assert.deepEqual((await shortOf(planned)).slice(1), [
      "secret-added networkPolicy.domainSecrets [] → [A for a.example.com]",
      "secret-rotated networkPolicy.domainSecrets [] → []",
    ]);
  });
});

describe("findings of a container's end", () => {
  const sentences = async (planned: Planned) =>
    (await findings([planned])).map(({ id, sentence }) => `${id}: ${sentence}`);
  const replaced = (lines: string[], more: Partial<Planned> = {}): Planned => ({
    name: "box",
    op: "replace",
    before: plain,
    after: plain,
    lines,
    ...more,
  });
  const lost = "its files, processes and installed packages are lost";
  const cases: Record<string, [Planned, string[]]> = {
    "an expired one, which has nothing left to lose": [
      replaced(
        [
          "warning: OC2001: container cntr_box expired 12 minutes ago (terminated after 20 idle minutes): up replaces it with a new, empty container",
        ],
        { reasons: ["expired"] },
      ),
      ["expired: Expired 12 minutes ago: a new, empty container replaces it."],
    ],
    "an expired one that a refresh drops": [
      {
        name: "box",
        op: "delete",
        before: plain,
        lines: ["warning: OC2001: container cntr_box expired (terminated after 20 idle minutes): dropped from state"],
      },
      ["expired: Expired: it is dropped from state."],
    ],
    "one that is gone": [
      replaced(["warning: OC2002: container cntr_box is gone: up replaces it with a new, empty container"], {
        reasons: ["gone"],
      }),
      ["replaced: A new, empty container replaces it because it is gone."],
    ],
    "one that moves": [
      replaced(['warning: OC2009: container cntr_box moves to provider "b", which uses another account or engine: …'], {
        reasons: ["provider"],
      }),
      [`replaced: A new, empty container replaces it because it moves to another account or engine: ${lost}.`],
    ],
    "one that --replace names": [replaced([]), [`replaced: A new, empty container replaces it: ${lost}.`]],
    "one in use": [
      replaced(
        ["warning: OC2006: container cntr_box is in use, last active 2 minutes ago: replacing it loses its files"],
        { after: { ...plain, memoryLimit: "1g", expiresAfter: { anchor: "last_active_at", minutes: 5 } } },
      ),
      [
        `replaced: A new, empty container replaces it because expiresAfter changes: ${lost}. In use, last active 2 minutes ago.`,
      ],
    ],
    "one that a pending deletion removes": [
      { name: "box", op: "delete-replaced", before: plain },
      [`deleted: Deleted: ${lost}.`],
    ],
  };
  for (const [what, [planned, expected]] of Object.entries(cases)) {
    it(`say what is lost: ${what}`, async () => assert.deepEqual(await sentences(planned), expected));
  }

  it("count a replacement once, whichever of its steps a preview shows", async () => {
    const steps = ["create-replacement", "replace", "delete-replaced"].map((op): Planned => ({ ...replaced([]), op }));
    for (const planned of [steps, [...steps].reverse()]) {
      assert.deepEqual((await findings(planned)).map(short), ["replaced  [cntr_box] → []"]);
    }
  });
});

describe("findings", () => {
  it("have an import, with the id of the imported container, which stays as it is", async () => {
    const after = { ...allowlist("a.example.com"), skills: [{ type: "skill_reference", skillId: "a" }] };
    const adopted = {
      name: "box",
      op: "create",
      after,
      newState: { inputs: { ...after, __import: "cntr_existing" } },
    };
    assert.deepEqual(await shortOf(adopted), ["imported  [] → [cntr_existing]"]);
    assert.deepEqual(await shortOf({ name: "box", op: "import", after: plain, newState: { id: "cntr_1" } }), [
      "imported  [] → []",
    ]);
  });

  it("have no price on Docker", async () => {
    const docker = { ...plain, backend: "docker" };
    const [, found] = await findings([
      { name: "box", op: "replace", before: docker, after: { ...docker, memoryLimit: "4g" } },
    ]);
    assert.equal(found?.sentence, "Memory goes from 1g to 4g.");
  });

  it("have a preview that reads no live state by its configuration", async () => {
    const planned = { name: "box", op: "delete", before: plain };
    assert.deepEqual(await shortOf(planned, { config: { "openai-containers:liveness": "false" } }), [
      "deleted  [cntr_box] → []",
      "not-verified  [] → []",
    ]);
  });

  it("have no resources of other providers, which are counted", async () => {
    const json = JSON.stringify(previewJson([{ name: "box", op: "delete", before: plain }])).replaceAll(
      containerType,
      "aws:s3/bucket:Bucket",
    );
    const preview = await previewOf(json);
    assert.deepEqual(findingsOf(preview), []);
    assert.equal(reportOf(preview, []).otherChanges, 1);
  });

  it("have an image that is not pinned any more, or is not in a new container", async () => {
    const docker = (image: string) => ({ ...plain, backend: "docker", docker: { image } });
    const [one, two] = ["1", "2"].map((digit) => `python@sha256:${digit.repeat(64)}`) as [string, string];
    const ids = async (before: string, after: string) =>
      (await findings([{ name: "box", op: "replace", before: docker(before), after: docker(after) }])).map(
        ({ id }) => id,
      );
    assert.deepEqual(await ids(one, two), ["replaced", "image-changed"]);
    assert.deepEqual(await ids(one, "python:3"), ["replaced", "image-unpinned", "image-changed"]);
    assert.deepEqual(await ids("python:3", "python:4"), ["replaced", "image-changed"]);
    assert.deepEqual(await shortOf({ name: "box", op: "create", after: docker("python:3") }), [
      "image-unpinned docker.image [] → [python:3]",
    ]);
  });

  it("have another runtime of a container that stays on Docker", async () => {
    const docker = (runtime?: string) => ({
      ...plain,
      backend: "docker",
      docker: { image: "a", ...(runtime && { runtime }) },
    });
    const found = (before?: string, after?: string) =>
      findings([{ name: "box", op: "replace", before: docker(before), after: docker(after) }]);
    const [, weaker] = await found("runsc");
    assert.deepEqual([weaker?.id, weaker?.before, weaker?.after], ["runtime-changed", ["runsc"], []]);
    assert.ok(weaker?.sentence.endsWith('changes from "runsc" to the engine\'s default.'), weaker?.sentence);
    const [, hidden] = await found("[secret]", "runc");
    assert.deepEqual([hidden?.id, hidden?.before, hidden?.after], ["runtime-changed", [], []]);
    assert.deepEqual(
      (await found("runc", "runc")).map(({ id }) => id),
      ["replaced"],
    );
  });
});
