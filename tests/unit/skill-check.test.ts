import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { relative, resolve } from "node:path";
import { backendKinds } from "../../provider/backends";
import { check } from "../../provider/lifecycle/check";
import { unknownValue } from "../../provider/model/unknowns";
import { skillProblems } from "../../provider/skills/check-skills";
import { readSkillFolder } from "../../provider/skills/skill-folder";
import { assertLines } from "../support/lines";
import { rawZip } from "../support/skills/raw-zip";
import { manifest, reportFiles, useSkillFolders, writeFiles } from "../support/skills/skill-folder";

const inline = { type: "inline", name: "report", description: "Writes reports" };
const zipped = (zip: Buffer) => ({
  ...inline,
  source: { type: "base64", mediaType: "application/zip", data: zip.toString("base64") },
});
const fromFolder = (path: string, sha256 = readSkillFolder(path).sha256) => ({
  ...inline,
  source: { type: "folder", path, sha256 },
});
const reference = (version?: string) => ({
  type: "skill_reference",
  skillId: "skill_1",
  ...(version !== undefined && { version }),
});
const good = rawZip([{ name: "report/SKILL.md", content: manifest }]);
const hostile = rawZip([{ name: "report/SKILL.md" }, { name: "report/../../evil" }]);

describe("the content of inline skills", () => {
  const folderOf = useSkillFolders();
  const problemsOf = (skills: unknown, recorded: unknown) => skillProblems(skills, recorded, false);

  it("is accepted where it is as the API wants it", async () => {
    assert.deepEqual(await problemsOf([reference(), zipped(good), fromFolder(folderOf(reportFiles))], undefined), []);
  });

  it("is refused with the path of each skill, and the entry's", async () => {
    const missing = fromFolder("skills/none", "0".repeat(64));
    const problems = await problemsOf([zipped(hostile), reference(), missing, zipped(good)], []);
    assert.deepEqual(problems, [
      'OC1205: skills[0].source.data: the path "report/../../evil" is not allowed: it has a part ".." or ".". Rename the file',
      `OC1201: skills[2].source.path: ${JSON.stringify(resolve("skills/none"))} cannot be read: ENOENT. Correct the path, or the permissions`,
    ]);
  });

  it("is refused by the code's rule alone where the skills are secret, with no name in a zip or of a folder", async () => {
    const skills = [zipped(hostile), fromFolder("skills/none", "0".repeat(64))];
    const problems = await skillProblems(skills, [], true);
    const start = "the skill cannot be used: it is a secret, so no name in it is shown. ";
    assertLines(problems, [
      new RegExp(`^OC1205: skills\\[0\\]\\.source\\.data: ${start}A file's path is absolute, .*[^.]$`),
      new RegExp(`^OC1201: skills\\[1\\]\\.source\\.path: ${start}A skill's folder, .*[^.]$`),
    ]);
    assert.doesNotMatch(problems.join(), /evil|none/);
  });

  it("is refused where a folder is not as the program found it", async () => {
    const folder = folderOf(reportFiles);
    const skill = fromFolder(relative(process.cwd(), folder));
    writeFiles(folder, { "data.csv": "1,3\n" });
    const [problem = ""] = await problemsOf([skill], []);
    const start = `OC1212: skills[0].source.path: the folder ${JSON.stringify(folder)} changed after `;
    assert.ok(problem.startsWith(start), problem);
  });

  it("of a container that stays is not checked again, for its folder may be gone", async () => {
    const folder = folderOf(reportFiles);
    const skill = fromFolder(folder);
    rmSync(folder, { recursive: true });
    assert.deepEqual(await problemsOf([reference(), skill], [skill]), []);
    assert.match((await problemsOf([skill], undefined))[0] ?? "", /^OC1201: /);
  });

  it("is not checked while a part of it is unknown or invalid", async () => {
    const skills = [unknownValue, { ...zipped(hostile), name: unknownValue }, { ...zipped(hostile), name: "" }, null];
    assert.deepEqual(await problemsOf(skills, []), []);
    assert.deepEqual(await problemsOf(unknownValue, []), []);
  });
});

describe("a check of skills", () => {
  const checked = (skills: unknown, recorded: Record<string, unknown> = {}) =>
    check(
      recorded,
      { skills },
      {
        order: recorded,
        secretArguments: [],
        defaultBackend: { value: "openai", source: "openai-containers:backend" },
        kinds: backendKinds,
      },
    );

  it("warns in one line of skills whose version is not pinned, when a container is to be created", () => {
    const unpinned = [reference(), { ...reference("latest"), skillId: "skill_2" }];
    const skills = [unpinned[0], { ...reference("3"), skillId: "skill_3" }, unpinned[1], zipped(good)];
    assert.deepEqual(checked(skills).warnings, [
      {
        code: "OC1213",
        text: "skills[0], skills[2]: no version, or the latest: what the container gets may change, and cannot be known later. Set version to a number",
      },
    ]);
    assert.deepEqual(checked(skills, { skills }).warnings, []);
    assert.deepEqual(checked([reference("3"), zipped(good)]).warnings, []);
  });

  it("refuses more than 200 skills and more than 50 files", () => {
    const skills = Array.from({ length: 201 }, (_, index) => ({ ...reference("1"), skillId: `skill_${index}` }));
    assert.deepEqual(checked(skills.slice(1)).problems, []);
    assert.deepEqual(checked(skills).problems, ["OC1003: skills: got a list, expected at most 200 members"]);
    const fileIds = Array.from({ length: 51 }, (_, index) => `file-${index}`);
    const { problems } = check(
      {},
      { fileIds, backend: "openai" },
      {
        order: {},
        secretArguments: [],
        defaultBackend: { value: "openai", source: "" },
        kinds: backendKinds,
      },
    );
    assert.deepEqual(problems, ["OC1003: fileIds: got a list, expected at most 50 members"]);
  });
});
