import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { utimesSync } from "node:fs";
import { join } from "node:path";
import { readSkillArchive } from "../../provider/skills/skill-archive";
import { readSkillFolder } from "../../provider/skills/skill-folder";
import { zipOf, zipOfFolder } from "../../provider/skills/skill-zip";
import { reportFiles, useSkillFolders, writeFiles } from "../support/skills/skill-folder";

const mebibyte = 2 ** 20;

function skillIn(folder: string) {
  const { name, description, sha256 } = readSkillFolder(folder);
  return { type: "inline", name, description, source: { type: "folder", path: folder, sha256 } } as const;
}

describe("the zip of a skill", () => {
  const folderOf = useSkillFolders();

  it("in base64 is its bytes", async () => {
    const source = { type: "base64", mediaType: "application/zip", data: "UEsFBg==" } as const;
    const zip = await zipOf({ type: "inline", name: "report", description: "Writes reports", source });
    assert.deepEqual(zip, Buffer.from("PK\x05\x06", "latin1"));
  });

  it("of a folder has the folder's files below the skill's name", async () => {
    const folder = folderOf({ ...reportFiles, "übersicht/€.txt": "text", empty: "" });
    const { name, files } = await readSkillArchive(await zipOf(skillIn(folder)));
    assert.deepEqual([name, files], ["report", readSkillFolder(folder).files]);
  });

  it("of a folder has the same bytes in another process, time zone and year", async () => {
    const folder = folderOf(reportFiles);
    const zip = await zipOf(skillIn(folder));
    for (const path of Object.keys(reportFiles)) utimesSync(join(folder, path), 0, 0);
    const program = `
      const { readSkillFolder } = require("./provider/skills/skill-folder");
      const { zipOfFolder } = require("./provider/skills/skill-zip");
      zipOfFolder(readSkillFolder(process.argv[1])).then((zip) => process.stdout.write(zip));`;
    const other = execFileSync(process.execPath, ["-r", "ts-node/register/transpile-only", "-e", program, folder], {
      cwd: join(__dirname, "../.."),
      env: { ...process.env, TZ: "Pacific/Kiritimati" },
    });
    assert.ok(zip.equals(other));
  });

  it("of a folder is the same for good, as long as it is stored", async () => {
    const zip = await zipOf(skillIn(folderOf(reportFiles)));
    assert.equal(
      createHash("sha256").update(zip).digest("hex"),
      "c6b821426209600a39eb3b36044e39aa6f57ee34373362555481187b62da88f2",
    );
  });

  it("of a folder that changed is refused", async () => {
    const folder = folderOf(reportFiles);
    const skill = skillIn(folder);
    writeFiles(folder, { "data.csv": "1,3\n" });
    await assert.rejects(zipOf(skill), {
      name: "SkillError",
      code: "OC1212",
      message: `OC1212: the folder ${JSON.stringify(folder)} changed after the program had read it. Run the command again`,
    });
  });

  it("of a folder above 50 MB is compressed", async () => {
    const bytes = Buffer.alloc(17 * mebibyte, "text ");
    const folder = readSkillFolder(folderOf({ ...reportFiles, a: bytes, b: bytes, c: bytes }));
    const zip = await zipOfFolder(folder);
    assert.ok(zip.length < mebibyte, `${zip.length} bytes`);
  });

  it("of a folder above 50 MB is refused where it cannot be compressed", async () => {
    const bytes = randomBytes(17 * mebibyte);
    const folder = readSkillFolder(folderOf({ ...reportFiles, a: bytes, b: bytes, c: bytes }));
    await assert.rejects(zipOfFolder(folder), {
      code: "OC1204",
      message: /: its zip has 52 MB, and the API accepts 50 MB\. /,
    });
  });
});
