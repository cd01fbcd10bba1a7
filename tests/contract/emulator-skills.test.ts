import assert from "node:assert/strict";
import { toFile } from "openai";
import { assertRejected, client, send, startSeconds, startWithClient, stopEmulator } from "../support/emulator-client";
import { manifest, skillZip } from "../support/skill-zip";

describe("the emulator's Skills endpoints", () => {
  afterEach(stopEmulator);

  async function start() {
    const { emulator } = await startWithClient();
    return { emulator, skills: client(emulator).skills };
  }
  const zipFile = async (zip: Buffer) => toFile(zip, "report.zip");
  const version = async (name: string) => zipFile(await skillZip({ "report/SKILL.md": manifest(name) }));

  it("store the zip that the official client uploads, and report it with the fields of the published schema", async () => {
    const { skills } = await start();
    const zip = await skillZip();
    const { id, ...skill } = await skills.create({ files: await zipFile(zip) });
    assert.match(id, /^skill_[0-9a-f]{32}$/);
    assert.deepEqual(skill, {
      object: "skill",
      name: "report",
      description: "Writes reports",
      created_at: startSeconds,
      default_version: "1",
      latest_version: "1",
    });
    assert.deepEqual(await skills.retrieve(id), { id, ...skill });
    assert.deepEqual((await skills.list()).data, [{ id, ...skill }]);
    const content = await skills.content.retrieve(id);
    assert.equal(content.headers.get("content-type"), "application/zip");
    assert.deepEqual(Buffer.from(await content.arrayBuffer()), zip);
    assert.deepEqual(await skills.delete(id), { object: "skill.deleted", deleted: true, id });
    await assertRejected(skills.retrieve(id), 404, { message: `Skill with id '${id}' not found.`, param: "skill_id" });
  });

  it("store the files of a folder as one zip", async () => {
    const { skills } = await start();
    const files = await Promise.all([
      toFile(Buffer.from(manifest("folder")), "folder/SKILL.md"),
      toFile(Buffer.from("print(1)"), "folder/scripts/run.py"),
    ]);
    const { id, name } = await skills.create({ files });
    assert.equal(name, "folder");
    const zip = Buffer.from(await (await skills.content.retrieve(id)).arrayBuffer());
    assert.ok(zip.includes("folder/scripts/run.py"));
  });

  it("add versions, of which the default one is what an upload or an update says", async () => {
    const { skills } = await start();
    const { id } = await skills.create({ files: await version("one") });
    const { id: versionId, ...second } = await skills.versions.create(id, { files: await version("two") });
    assert.match(versionId, /^skillver_[0-9a-f]{32}$/);
    assert.deepEqual(second, {
      object: "skill.version",
      skill_id: id,
      version: "2",
      created_at: startSeconds,
      name: "two",
      description: "Writes reports",
    });
    const pointers = async () => {
      const { name, default_version, latest_version } = await skills.retrieve(id);
      return [name, default_version, latest_version];
    };
    assert.deepEqual(await pointers(), ["one", "1", "2"]);
    await skills.update(id, { default_version: "2" });
    assert.deepEqual(await pointers(), ["two", "2", "2"]);
    await skills.versions.create(id, { files: await version("three"), default: true });
    assert.deepEqual(await pointers(), ["three", "3", "3"]);
    const listed: string[] = [];
    for await (const one of skills.versions.list(id, { limit: 2 })) listed.push(one.version);
    assert.deepEqual(listed, ["3", "2", "1"]);
    assert.equal((await skills.versions.retrieve("1", { skill_id: id })).name, "one");
    const first = await skills.versions.content.retrieve("1", { skill_id: id });
    const zip = await skillZip({ "report/SKILL.md": manifest("one") });
    assert.deepEqual(Buffer.from(await first.arrayBuffer()), zip);
  });

  it("delete versions but the default one, and never give a number twice", async () => {
    const { skills } = await start();
    const { id } = await skills.create({ files: await version("one") });
    await skills.versions.create(id, { files: await version("two") });
    assert.deepEqual(await skills.versions.delete("2", { skill_id: id }), {
      object: "skill.version.deleted",
      deleted: true,
      id,
      version: "2",
    });
    await assertRejected(skills.versions.retrieve("2", { skill_id: id }), 404, {
      message: `Version '2' of skill '${id}' not found.`,
      param: "version",
    });
    await assertRejected(skills.versions.delete("1", { skill_id: id }), 400, {
      message: "Cannot delete the default version of a skill.",
      param: "version",
    });
    await assertRejected(skills.update(id, { default_version: "2" }), 404, {
      message: `Version '2' of skill '${id}' not found.`,
      param: "default_version",
    });
    assert.equal((await skills.versions.create(id, { files: await version("three") })).version, "3");
  });

  const rejected: [what: string, files: Record<string, string | Buffer>, message: string][] = [
    ["no manifest", { "a/README.md": "" }, "the skill must have exactly one SKILL.md"],
    [
      "two manifests",
      { "a/SKILL.md": manifest("a"), "a/b/skill.md": manifest("b") },
      "the skill must have exactly one SKILL.md",
    ],
    ["two folders", { "a/SKILL.md": manifest("a"), "b/x": "" }, "the skill must be one top-level folder"],
    ["no folder", { "SKILL.md": manifest("a") }, "the skill must be one top-level folder"],
    [
      "no front matter",
      { "a/SKILL.md": "# Report" },
      "SKILL.md must begin with front matter that has a name and a description",
    ],
    [
      "front matter that is not YAML",
      { "a/SKILL.md": "---\n{\n---\n" },
      "SKILL.md must begin with front matter that has a name and a description",
    ],
    [
      "more than 500 files",
      Object.fromEntries(Array.from({ length: 501 }, (_, index) => [`a/${index}`, ""])),
      "the skill has more than 500 files",
    ],
    ["a file of more than 25 MB", { "a/big": Buffer.alloc(25 * 2 ** 20 + 1) }, "a/big is larger than 25 MB"],
  ];
  for (const [what, files, message] of rejected) {
    it(`reject a skill with ${what}`, async () => {
      const { skills } = await start();
      await assertRejected(skills.create({ files: await zipFile(await skillZip(files)) }), 400, {
        message: `Invalid 'files': ${message}.`,
        code: "invalid_value",
        param: "files",
      });
      assert.deepEqual((await skills.list()).data, []);
    });
  }

  it("reject a broken zip, and an upload without files", async () => {
    const { emulator, skills } = await start();
    const half = (await skillZip()).subarray(0, 60);
    await assertRejected(skills.create({ files: await zipFile(half) }), 400, {
      message: "Invalid 'files': not a valid zip file.",
      code: "invalid_value",
      param: "files",
    });
    const body = new FormData();
    body.append("default", "true");
    const { status, error } = await send(emulator, "POST", "/v1/skills", {
      body,
      headers: { authorization: "Bearer key" },
    });
    assert.deepEqual([status, error.code, error.param], [400, "missing_required_parameter", "files"]);
  });

  it("are no others", async () => {
    const { emulator, skills } = await start();
    const { id } = await skills.create({ files: await version("one") });
    for (const [method, path] of [
      ["PUT", "/v1/skills"],
      ["PUT", `/v1/skills/${id}`],
      ["POST", `/v1/skills/${id}/content`],
      ["PUT", `/v1/skills/${id}/versions`],
      ["POST", `/v1/skills/${id}/versions/1`],
      ["DELETE", `/v1/skills/${id}/versions/1/content`],
      ["GET", `/v1/skills/${id}/versions/1/content/x`],
    ] as const) {
      const { status, error } = await send(emulator, method, path);
      assert.deepEqual([status, error.message], [404, `Invalid URL (${method} ${path})`]);
    }
  });
});
