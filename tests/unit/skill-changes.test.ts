import assert from "node:assert/strict";
import { diff } from "../../provider/lifecycle/diff";
import { changeLines } from "../../provider/lifecycle/list-changes";
import { normalise } from "../../provider/model/normalise";
import { type Observed, outputsOf, recordFrom } from "../../provider/model/record";
import { findingsOf } from "../../sdk/report";
import { rejectingBackend } from "../support/rejecting-backend";
import { plain, previewJson } from "../support/report/planned";
import { previewOf } from "../support/report/preview-of";
import { silent } from "../support/silent";

const [one, other] = ["1", "2"].map((digit) => digit.repeat(64));
const skillIn = (path: string, sha256 = one, name = "report") => ({
  type: "inline",
  name,
  description: "Writes reports",
  source: { type: "folder", path, sha256 },
});
const reference = { type: "skill_reference", skillId: "skill_1", version: "2" };

const observed: Observed = { id: "cntr_1", name: "analysis", status: "running", createdAt: 1_700_000_000 };
const backend = { ...rejectingBackend, status: async () => "running", activity: async () => undefined };

function inputsFor(args: Record<string, unknown>): Record<string, unknown> {
  const result = normalise({ backend: "openai", name: "analysis", ...args });
  if ("problems" in result) assert.fail(result.problems.join("\n"));
  return result.value;
}

/** The diff of a container with the first arguments, for the others. */
function diffOf(before: Record<string, unknown>, after: Record<string, unknown>) {
  const recordedInputs = inputsFor(before);
  const recorded = recordFrom(outputsOf(observed, { ...backend, name: "openai" }, recordFrom(recordedInputs)));
  return diff("cntr_1", recorded, inputsFor(after), {
    open: async () => backend,
    checksLiveness: true,
    recordedInputs,
    secretArguments: [],
    provider: undefined,
    report: { ...silent, info: () => {} },
  });
}

async function replacedFor(before: Record<string, unknown>, after: Record<string, unknown>) {
  return (await diffOf(before, after)).replaces;
}

const lines = (before: unknown[], after: unknown[]) => changeLines({ skills: before }, { skills: after }, []);

async function reported(before: unknown[], after: unknown[]): Promise<string[]> {
  const planned = {
    name: "box",
    op: "replace" as const,
    before: { ...plain, skills: before },
    after: { ...plain, skills: after },
  };
  const preview = await previewOf(JSON.stringify(previewJson([planned])));
  return findingsOf(preview).flatMap(({ id, sentence }) => (id === "skill-changed" ? [sentence] : []));
}

describe("a change of skills", () => {
  it("replaces the container where a folder's contents change, and is named in a preview and a report", async () => {
    const [before, after] = [
      [reference, skillIn("a")],
      [reference, skillIn("a", other)],
    ];
    assert.deepEqual(await replacedFor({ skills: before }, { skills: after }), ["skills"]);
    assert.deepEqual(lines(before, after), ['OC3005: skills: changed "report"']);
    assert.deepEqual(await reported(before, after), ['Skill "report" has another content or description.']);
  });

  for (const [what, place] of [
    ["moves with its contents", "b"],
    ["is named by an absolute path", "/srv/a"],
  ] as const)
    it(`is none where a folder ${what}`, async () => {
      const [before, after] = [
        [skillIn("a"), reference],
        [skillIn(place), reference],
      ];
      assert.deepEqual(await diffOf({ skills: before }, { skills: after }), { changes: false });
      assert.deepEqual(lines(before, after), []);
      assert.deepEqual(await reported(before, after), []);
    });

  it("replaces the container where their order changes", async () => {
    const before = [skillIn("a"), skillIn("b", other, "other"), reference];
    const after = [before[1], before[0], before[2]];
    assert.deepEqual(await replacedFor({ skills: before }, { skills: after }), ["skills"]);
    assert.deepEqual(lines(before, after), ["OC3005: skills: order changed"]);
    assert.deepEqual(inputsFor({ skills: after })["skills"], after);
  });
});

describe("a change of file ids", () => {
  it("is none where only their order changes, or one is repeated", () => {
    const recorded = inputsFor({ fileIds: ["file-1", "file-2", "file-3"] });
    const result = normalise({ ...recorded, fileIds: ["file-3", "file-1", "file-2", "file-1"] }, recorded);
    assert.deepEqual(result, { value: recorded });
  });
});
