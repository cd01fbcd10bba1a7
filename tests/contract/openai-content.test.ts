import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import OpenAI, { toFile } from "openai";
import type { Container } from "../../provider/model/container";
import { SkillError } from "../../provider/skills/skill-error";
import { readSkillFolder } from "../../provider/skills/skill-folder";
import { type Emulator, startEmulator } from "../../sdk/emulator";
import { autoNamed, named } from "../support/create-context";
import { createFailure } from "../support/create-failure";
import { hosted, hostedArgs } from "../support/hosted";
import { silent } from "../support/silent";
import { manifest, skillZip } from "../support/skill-zip";

type Skill = NonNullable<Container["skills"]>[number];

const requestId = "req_[0-9a-f]{32}";

describe("OpenAIBackend.create with files and skills", () => {
  let emulator: Emulator;
  let folder: string;

  beforeEach(async () => {
    emulator = await startEmulator();
    folder = mkdtempSync(join(tmpdir(), "openai-containers-skill-"));
    mkdirSync(join(folder, "report"));
    writeFileSync(join(folder, "report/SKILL.md"), manifest("report"));
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true });
    await emulator.stop();
  });

  const create = async (changes: Partial<Container>, context = named) => {
    const backend = await hosted(emulator.baseUrl);
    return backend.create(hostedArgs("analysis", changes), silent, context);
  };
  const failure = (changes: Partial<Container>) => createFailure(create(changes));
  const file = (name: string) => emulator.addFile({ name, content: name });
  const client = () => new OpenAI({ apiKey: "key", baseURL: emulator.baseUrl });
  const uploaded = async () =>
    (await client().skills.create({ files: await toFile(await skillZip(), "report.zip") })).id;

  function fromFolder(): Skill {
    const path = relative(process.cwd(), join(folder, "report"));
    const { name, description, sha256 } = readSkillFolder(path);
    return { type: "inline", name, description, source: { type: "folder", path, sha256 } };
  }

  it("copies the account's files in, and takes skills by id, as a zip and from a folder, in order", async () => {
    const data = (await skillZip()).toString("base64");
    const skillId = await uploaded();
    const fileIds = [file("a.csv"), file("b.csv")];
    const { id } = await create({
      fileIds,
      skills: [
        { type: "skill_reference", skillId, version: "1" },
        fromFolder(),
        {
          type: "inline",
          name: "zipped",
          description: "A zip",
          source: { type: "base64", mediaType: "application/zip", data },
        },
      ],
    });
    const { data: files } = await client().containers.files.list(id, { order: "asc" });
    assert.deepEqual(
      files.map(({ path }) => path.replace(/[0-9a-f]{32}/, "HEX")),
      ["/mnt/data/HEX-a.csv", "/mnt/data/HEX-b.csv"],
    );
    const [reference, folderSkill, zipSkill] = emulator.bodyOf(id)?.skills ?? [];
    assert.deepEqual(reference, { type: "skill_reference", skill_id: skillId, version: "1" });
    assert.ok(folderSkill?.type === "inline");
    const { media_type, data: zip } = folderSkill.source;
    assert.deepEqual([folderSkill.name, folderSkill.source.type, media_type], ["report", "base64", "application/zip"]);
    assert.ok(Buffer.from(zip, "base64").includes("report/SKILL.md"));
    assert.deepEqual(zipSkill, {
      type: "inline",
      name: "zipped",
      description: "A zip",
      source: { type: "base64", media_type: "application/zip", data },
    });
  });

  it("sends them again where the response was lost before the request was executed", async () => {
    const changes = { fileIds: [file("a.csv")], skills: [fromFolder()] };
    emulator.fault({ method: "POST", path: "/v1/containers", answer: "cut" });
    const { id } = await create(changes, autoNamed);
    const { file_ids, skills } = emulator.bodyOf(id) ?? {};
    assert.deepEqual([file_ids, skills?.length, emulator.containers().length], [changes.fileIds, 1, 1]);
  });

  it("fails without a request where the folder of a skill changed since the preview, and names the skill", async () => {
    const skills = [fromFolder()];
    writeFileSync(join(folder, "report/SKILL.md"), manifest("other"));
    await assert.rejects(create({ skills }), (error) => {
      assert.ok(error instanceof SkillError);
      assert.match(error.message, /^OC1212: skills\[0\]\.source\.path: the folder .*report" changed/);
      return true;
    });
    assert.deepEqual(emulator.requests, []);
  });

  it("fails for a file that does not exist with its id and its place, and leaves nothing", async () => {
    const { message } = await failure({ fileIds: [file("a.csv"), "file-9"] });
    assert.match(
      message,
      new RegExp(
        `^OC2118: The API rejected fileIds\\[1\\] "file-9" \\(HTTP 404, request ${requestId}\\): No such File object: file-9\\. Correct fileIds\\[1\\]\\.$`,
      ),
    );
    assert.deepEqual(emulator.containers(), []);
  });

  it("fails for a skill, and for a version, that does not exist with its id, and leaves nothing", async () => {
    const skillId = await uploaded();
    const unknown = await failure({ skills: [{ type: "skill_reference", skillId: "skill_9" }] });
    assert.match(unknown.message, /^OC2118: The API rejected skills\[0\]\.skillId "skill_9" \(HTTP 404/);
    const version = await failure({ skills: [{ type: "skill_reference", skillId, version: "2" }] });
    assert.match(version.message, /^OC2118: The API rejected skills\[0\]\.version "2" /);
    assert.deepEqual(emulator.containers(), []);
  });

  it("fails for a zip that the API rejects with the skill's name and place, and leaves nothing", async () => {
    const data = (await skillZip({ "a/README.md": "" })).toString("base64");
    const source = { type: "base64", mediaType: "application/zip", data } as const;
    const skills: Skill[] = [{ type: "inline", name: "report", description: "Writes reports", source }];
    const { message } = await failure({ skills });
    assert.match(message, /^OC2118: The API rejected skills\[0\]\.source\.data "report" \(HTTP 400, invalid_value/);
    assert.match(message, /the skill must have exactly one SKILL\.md\. Correct skills\[0\]\.source\.data\.$/);
    assert.deepEqual(emulator.containers(), []);
  });

  it("fails for a missing file with the way out, if the API does not say which argument has it", async () => {
    const error = { message: "No such File object: file-9", type: "invalid_request_error", code: null, param: "id" };
    emulator.fault({ method: "POST", answer: { status: 404, body: { error } } });
    const { message } = await failure({ fileIds: [file("a.csv")] });
    assert.match(
      message,
      /^OC2143: The API did not find a file or a skill of the container \(HTTP 404, request .*\): No such File object: file-9\. Correct its id in fileIds or skills, or correct OPENAI_ORG_ID and OPENAI_PROJECT_ID\.$/,
    );
  });

  it("fails for a forbidden file with the API's words, which name it", async () => {
    const error = { message: "You may not use file-9.", type: "invalid_request_error", code: null, param: null };
    emulator.fault({ method: "POST", answer: { status: 403, body: { error } } });
    const { message } = await failure({ fileIds: ["file-9"] });
    assert.match(message, /^OC2112: The key from OPENAI_API_KEY lacks permission .*: You may not use file-9\. Give/);
  });
});
