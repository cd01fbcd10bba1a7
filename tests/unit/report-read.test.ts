import assert from "node:assert/strict";
import fc from "fast-check";
import { findingsOf, PreviewError, reportOf } from "../../sdk/report";
import { containerType, type Planned, plain, previewJson } from "../support/report/planned";
import { previewOf } from "../support/report/preview-of";
import { recording } from "../support/report/recordings";

const verdictOf = async (text: string, length?: number) => {
  const preview = await previewOf(text, length);
  return reportOf(preview, findingsOf(preview)).verdict;
};
const changed = JSON.stringify(previewJson([{ name: "box", op: "create", after: plain }]));

describe("readPreview", () => {
  for (const name of ["changed.json", "changed.events"]) {
    it(`gives the same for pieces of any length: ${name}`, async () => {
      const whole = await previewOf(recording(name));
      assert.ok(whole.changes.length > 10);
      for (const length of [7, 97, 1_021, 1 << 22]) assert.deepEqual(await previewOf(recording(name), length), whole);
    });
  }

  it("gives the same for both forms, and however the JSON is printed", async () => {
    const events = await previewOf(recording("changed.events"));
    const json: unknown = JSON.parse(recording("changed.json"));
    const printed = [
      recording("changed.json"),
      JSON.stringify(json),
      JSON.stringify(json, null, 1),
      JSON.stringify(json, null, "\t"),
    ];
    const windows = recording("changed.json").replaceAll("\n", "\r\n");
    for (const text of [...printed, windows]) assert.deepEqual(await previewOf(text, 1_000), events);
  });

  it("reads texts that look like the ends of objects", async () => {
    const name = '"}\n        },\n        {"\\';
    const json = previewJson([{ name, op: "create", after: { ...plain, name } }]);
    for (const space of [0, 2, 4]) {
      const { changes } = await previewOf(JSON.stringify(json, null, space), 5);
      assert.deepEqual(
        changes.map(({ name, after }) => [name, after?.["name"]]),
        [[name, name]],
      );
    }
  });

  it("finds no changes in a whole preview that succeeded and has none", async () => {
    assert.equal(await verdictOf(recording("unchanged.json")), "unchanged");
  });

  it("never finds no changes in a preview that is cut short, wherever it is cut", async () => {
    const text = recording("unchanged.json").trimEnd();
    for (let length = 1; length < text.length; length += 1)
      assert.equal(await verdictOf(text.slice(0, length)), "failed", `${length}`);
    const lines = recording("changed.events").split("\n");
    const summary = lines.findIndex((line) => line.includes("summaryEvent"));
    assert.equal(await verdictOf(lines.slice(0, summary).join("\n")), "failed");
  });

  it("says that a preview is cut short, and keeps what it has read", async () => {
    const text = recording("changed.json");
    const { errors, changes, fingerprint } = await previewOf(text.slice(0, text.length / 2));
    assert.match(errors.join(), /^OC5104: preview\.json is cut short\. /);
    assert.ok(changes.length > 0);
    assert.equal(fingerprint, undefined);
  });

  it("takes a preview with an error for one that failed, with the error's text", async () => {
    const { errors, fingerprint } = await previewOf(recording("failed.json"));
    assert.equal(errors.length, 1);
    assert.match(errors[0] ?? "", /has a problem: OC1003: memoryLimit/);
    assert.equal(fingerprint, undefined);
  });

  it("takes a streaming preview whose summary says so for one that failed", async () => {
    const failed = recording("changed.events").replace('"result":"succeeded"', '"result":"failed"');
    assert.equal(await verdictOf(failed), "failed");
  });

  const unreadable: Record<string, [text: string, code: string]> = {
    "an empty file": ["", "OC5101"],
    "white space": [" \n\n", "OC5101"],
    "the text of a preview": ["Previewing update (dev)\n", "OC5102"],
    "stderr before the JSON": [`warning: old\n${changed}`, "OC5102"],
    "a broken element": [changed.replace('"op":"create"', '"op":create'), "OC5102"],
    "a broken event": [`{"sequence":0,"timestamp":1}\n{"sequence":1,]\n`, "OC5102"],
    "two objects": [`${changed}${changed}`, "OC5102"],
    "an object of another kind": ["{}", "OC5103"],
    "an array": ["[]", "OC5102"],
    "steps of an older form": [JSON.stringify({ steps: [{ kind: "create" }] }), "OC5103"],
    "an operation of a newer form": [changed.replaceAll('"create"', '"conjure"'), "OC5103"],
    "an operation with an inherited name": [changed.replaceAll('"create"', '"constructor"'), "OC5103"],
    "changes in the summary alone": [JSON.stringify(previewJson([], { changeSummary: { create: 1 } })), "OC5103"],
    "more changes in the summary than steps": [
      JSON.stringify(
        previewJson([{ name: "box", op: "create", after: plain }], { changeSummary: { create: 2, same: 9 } }),
      ),
      "OC5103",
    ],
    "no summary": [JSON.stringify(previewJson([], { changeSummary: undefined })), "OC5103"],
  };
  for (const [what, [text, code]] of Object.entries(unreadable)) {
    it(`fails with a code for ${what}`, async () => {
      await assert.rejects(previewOf(text), (error) => {
        assert.ok(error instanceof PreviewError, String(error));
        assert.equal(error.code, code);
        assert.match(error.message, /^OC\d{4}: preview\.json [^\n]+\. [^\n]+\.$/);
        return true;
      });
    });
  }

  it("reads a preview with properties that it does not know", async () => {
    const json = previewJson([{ name: "box", op: "create", after: plain, newState: { novel: [1, { a: "b" }] } }], {
      novel: [[1]],
    });
    assert.equal(await verdictOf(JSON.stringify(json)), "changed");
  });

  it("takes a streaming preview that failed without an error for one that failed", async () => {
    const { errors } = await previewOf(
      recording("changed.events").replace('"result":"succeeded"', '"result":"failed"'),
    );
    assert.deepEqual(errors, ["OC5114: The preview in preview.json failed, and gives no reason"]);
  });

  for (const option of ["protect", "retainOnDelete"]) {
    it(`reads a change of the option ${option} alone as a change`, async () => {
      const same = { name: "box", op: "same", before: plain, after: plain };
      const verdictWith = (oldState: object, newState: object) =>
        verdictOf(JSON.stringify(previewJson([{ ...same, oldState, newState }])));
      const set = { [option]: true };
      assert.equal(await verdictWith(set, {}), "changed");
      assert.equal(await verdictWith({}, set), "changed");
      assert.equal(await verdictWith(set, set), "unchanged");
    });
  }

  it("never takes any other JSON for a preview without changes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (json) => {
        const verdict = await verdictOf(JSON.stringify(json)).catch((error: unknown) => {
          assert.ok(error instanceof PreviewError, String(error));
          return "unreadable";
        });
        assert.notEqual(verdict, "unchanged");
      }),
    );
  });
});

describe("the fingerprint of a preview", () => {
  const box = { name: "box", op: "replace", before: plain, after: { ...plain, memoryLimit: "4g" } };
  const created = { name: "box", op: "create", after: plain };
  const fingerprintOf = async (planned: Planned, change = (text: string) => text) =>
    (await previewOf(change(JSON.stringify(previewJson([planned]))))).fingerprint;
  const differing: Record<string, [one: Planned, other: Planned]> = {
    "another container in state": [box, { ...box, oldState: { id: "cntr_other" } }],
    "another value before": [box, { ...box, before: { ...plain, memoryLimit: "16g" } }],
    "another value after": [box, { ...box, after: { ...plain, memoryLimit: "16g" } }],
    "another operation": [box, { ...box, op: "update" }],
    "another reason": [box, { ...box, reasons: ["expired"] }],
    "another path of a secret": [box, { ...box, paths: ["memoryLimit", "networkPolicy.domainSecrets"] }],
    "the option protect": [box, { ...box, newState: { protect: true } }],
    "the option retainOnDelete in state": [box, { ...box, oldState: { retainOnDelete: true } }],
    "the option retainOnDelete in the program": [box, { ...box, newState: { retainOnDelete: true } }],
    "the option retainOnDelete of a new container": [{ ...created, newState: { retainOnDelete: true } }, created],
    "another provider": [
      box,
      { ...box, newState: { provider: "urn:pulumi:dev::shop::pulumi:providers:pulumi-nodejs::gpu::1" } },
    ],
    "another secret": [
      { ...box, lines: ['OC3002: domain secrets: value changed "A for a.example.com"'] },
      { ...box, lines: ['OC3002: domain secrets: value changed "B for a.example.com"'] },
    ],
  };
  for (const [what, [one, other]] of Object.entries(differing)) {
    it(`is another one for ${what}`, async () => assert.notEqual(await fingerprintOf(one), await fingerprintOf(other)));
  }

  it("is another one for another resource of another provider, its code too", async () => {
    const bucket = (text: string) => text.replaceAll(containerType, "pulumi-nodejs:dynamic:Resource");
    const [one, other] = ["1", "2"].map((code) => ({
      ...box,
      before: { __provider: "0" },
      after: { __provider: code },
    }));
    assert.notEqual(await fingerprintOf(one ?? box, bucket), await fingerprintOf(other ?? box, bucket));
  });

  it("is the same whatever time does: ages, uses, ids of providers that are not known yet", async () => {
    const at = (minutes: number, id: string): Planned => ({
      ...box,
      lines: [`warning: OC2006: container cntr_box is in use, last active ${minutes} minutes ago: replacing it loses`],
      newState: { provider: `urn:pulumi:dev::shop::pulumi:providers:pulumi-nodejs::gpu::${id}` },
    });
    assert.equal(await fingerprintOf(at(1, "a")), await fingerprintOf(at(4, "b")));
    assert.match((await fingerprintOf(box)) ?? "", /^[0-9a-f]{64}$/);
  });
});
