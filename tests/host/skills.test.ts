import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { renameSync } from "node:fs";
import { join } from "node:path";
import { readSkillFolder } from "../../provider/skills/skill-folder";
import { type Emulator, startEmulator } from "../../sdk/emulator";
import { HostStack } from "../support/host/host-stack";
import { key } from "../support/hosted";
import { assertLines } from "../support/lines";
import { reportFiles, writeFiles } from "../support/skills/skill-folder";

describe("a preview of skills", function () {
  this.timeout(180_000);
  let emulator: Emulator;
  let stack: HostStack;
  before(async () => {
    emulator = await startEmulator();
    stack = new HostStack({ OPENAI_API_KEY: key, OPENAI_BASE_URL: emulator.baseUrl });
  });
  after(() => stack.end(emulator).finally(() => emulator.stop()));

  it("reads folders from the program's folder, and says what is wrong with which, before anything is created", async () => {
    writeFiles(join(stack.folder, "skills/report"), reportFiles);
    const { name, description, sha256 } = readSkillFolder(join(stack.folder, "skills/report"));
    const skill = (path: string) => ({ type: "inline", name, description, source: { type: "folder", path, sha256 } });
    const data = Buffer.from("no zip").toString("base64");
    const zip = {
      type: "inline",
      name: "zip",
      description,
      source: { type: "base64", mediaType: "application/zip", data },
    };
    const unpinned = { type: "skill_reference", skillId: "skill_1" };
    const { steps, problems, warnings } = await stack
      .containers({
        good: { skills: [skill("skills/report"), unpinned] },
        bad: { skills: [skill("skills/none"), zip] },
        secret: { skills: [skill("skills/none")], __secretArguments: ["skills"] },
      })
      .preview();
    assert.deepEqual(steps["good"], { op: "create", reasons: [], changed: [] });
    assertLines(problems["bad"] ?? [], [
      /^OC1201: skills\[0\]\.source\.path: "\/.*\/skills\/none" cannot be read: ENOENT\. /,
      /^OC1207: skills\[1\]\.source\.data: the zip is broken: /,
    ]);
    assertLines(problems["secret"] ?? [], [
      /^OC1201: skills\[0\]\.source\.path: the skill cannot be used: it is a secret, /,
    ]);
    assertLines(warnings, [/^good: OC1213: skills\[1\]: no version, or the latest: /]);
    assert.deepEqual(emulator.containers(), []);
  });

  it("shows the skill that changed, and nothing of a folder that moved or is gone while its container stays", async () => {
    const folder = join(stack.folder, "skills/large");
    const bytes = randomBytes(2 ** 20);
    writeFiles(folder, { ...reportFiles, "a.bin": bytes, "b.bin": bytes });
    const skillIn = (path: string, { name, description, sha256 } = readSkillFolder(join(stack.folder, path))) => ({
      type: "inline",
      name,
      description,
      source: { type: "folder", path, sha256 },
    });
    const same = { op: "same", reasons: [], changed: [] };
    const original = readSkillFolder(folder);
    assert.deepEqual((await stack.containers({ box: { skills: [skillIn("skills/large")] } }).up()).problems, {});
    assert.ok(JSON.stringify([...stack.resources]).length < 5000);

    renameSync(folder, join(stack.folder, "moved"));
    const moved = await stack.containers({ box: { skills: [skillIn("moved")] } }).up();
    assert.deepEqual([moved.steps["box"]?.op, moved.infos, moved.warnings], ["same", [], []]);

    writeFiles(join(stack.folder, "moved"), { "data.csv": "1,3\n" });
    const changed = await stack.containers({ box: { skills: [skillIn("moved")] } }).preview();
    assert.deepEqual(changed.steps["box"], { op: "replace", reasons: ["skills"], changed: ["skills"] });
    assertLines(changed.infos, [/OC3005: skills: changed "report"$/]);

    // As with `ignoreChanges`: the recorded skill stays, whatever became of its folder.
    const gone = await stack.containers({ box: { skills: [skillIn("skills/large", original)] } }).up();
    assert.deepEqual([gone.steps["box"], gone.problems], [same, {}]);
  });
});
