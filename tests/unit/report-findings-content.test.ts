import assert from "node:assert/strict";
import { unknownValue } from "../../provider/model/unknowns";
import { findings, short, shortOf } from "../support/report/findings";
import { type Planned, plain } from "../support/report/planned";

describe("findings of a container's files and skills", () => {
  it("have the order of skills", async () => {
    const skills = (...ids: string[]) => ({
      ...plain,
      skills: ids.map((skillId) => ({ type: "skill_reference", skillId, version: "1" })),
    });
    const [, found] = await findings([
      { name: "box", op: "replace", before: skills("a", "b"), after: skills("b", "a") },
    ]);
    assert.deepEqual([found?.id, found?.before, found?.after], ["skill-changed", ["a", "b"], ["b", "a"]]);
  });

  describe("of skills", () => {
    const pinned = (skillId: string, version = "1") => ({ type: "skill_reference", skillId, version });
    const skills = (list: unknown) => ({ ...plain, skills: list });
    const sides = (before: unknown, after: unknown): Planned => ({
      name: "box",
      op: "replace",
      before: skills(before),
      after: skills(after),
      paths: ["skills"],
    });
    const old = [pinned("s1"), pinned("s2")];
    const hidden: [what: string, before: unknown, after: unknown][] = [
      ["the new ones are a secret", old, "[secret]"],
      ["the old ones were a secret", "[secret]", old],
      ["the new ones are not known", old, unknownValue],
      ["one of them is not known", old, [pinned("s1"), unknownValue]],
      ["the id of one is not known", old, [pinned("s1"), pinned(unknownValue)]],
      ["the version of one is not known", old, [pinned("s1"), pinned("s2", unknownValue)]],
    ];
    for (const [what, before, after] of hidden)
      it(`claim no removal and name no placeholder where ${what}`, async () => {
        const found = (await findings([sides(before, after)])).filter(({ id }) => id.startsWith("skill"));
        assert.deepEqual(
          found.map(({ sentence }) => sentence),
          ["Skills are secret, or some are not known before the update."],
        );
        assert.deepEqual(found.map(short), ["skill-changed skills [] → []"]);
      });

    it("name one without a version besides those that are not known", async () => {
      const after = [{ type: "skill_reference", skillId: "s3" }, pinned(unknownValue)];
      assert.deepEqual((await shortOf(sides(old, after))).slice(1), [
        "skill-unpinned skills [] → [s3@latest]",
        "skill-changed skills [] → []",
      ]);
    });
  });

  describe("of files", () => {
    const withFiles = (fileIds?: unknown) => ({ ...plain, ...(fileIds !== undefined && { fileIds }) });
    const found = async (before: unknown, after: unknown) =>
      (
        await findings([
          { name: "box", op: "replace", before: withFiles(before), after: withFiles(after), paths: ["fileIds"] },
        ])
      ).filter(({ id }) => id === "files-changed");

    it("name those that are added and removed, and nothing of their order", async () => {
      const [one] = await found(["file-1", "file-2"], ["file-2", "file-3"]);
      assert.deepEqual([one?.before, one?.after], [["file-1"], ["file-3"]]);
      assert.equal(one?.sentence, 'Files: added "file-3"; removed "file-1".');
      assert.equal((await found(undefined, ["file-1"]))[0]?.sentence, 'Files: added "file-1".');
      assert.deepEqual(await found(["file-1", "file-2"], ["file-2", "file-1"]), []);
    });

    for (const [what, before, after] of [
      ["are a secret", ["file-1"], "[secret]"],
      ["are not known", ["file-1"], unknownValue],
      ["are known in part", ["file-1"], ["file-2", unknownValue]],
      ["were a secret", "[secret]", ["file-1"]],
    ] as const)
      it(`name none where they ${what}`, async () => {
        const [one, ...others] = await found(before, after);
        assert.deepEqual([one?.before, one?.after, others], [[], [], []]);
        assert.equal(one?.sentence, "Files are secret, or some are not known before the update.");
      });

    it("say nothing of a new container's", async () =>
      assert.deepEqual(await shortOf({ name: "box", op: "create", after: withFiles(["file-1"]) }), []));
  });
});
