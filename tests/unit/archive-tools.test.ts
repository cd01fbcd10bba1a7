import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readSkillArchive } from "../../provider/skills/skill-archive";
import { readSkillFolder } from "../../provider/skills/skill-folder";
import { zipOfFolder } from "../../provider/skills/skill-zip";
import { reportFiles, useSkillFolders, writeFiles } from "../support/skills/skill-folder";

const python = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[2], "w", getattr(zipfile, sys.argv[1])) as zip:
    for path in sys.argv[3:]:
        zip.write(path)
`;
const paths = ["report", ...Object.keys(reportFiles).map((path) => `report/${path}`)];
const gitUser = ["-c", "user.name=t", "-c", "user.email=t@example.com"];

/** What makes `skill.zip` of `report` in its working folder: its name, the program that it needs, and the commands. */
const writers: [what: string, needed: string, commands: string[][]][] = [
  ["Python's zipfile, stored", "python3", [["python3", "-c", python, "ZIP_STORED", "skill.zip", ...paths]]],
  ["Python's zipfile, deflated", "python3", [["python3", "-c", python, "ZIP_DEFLATED", "skill.zip", ...paths]]],
  ["Info-ZIP's zip", "zip", [["zip", "-q", "-r", "skill.zip", "report"]]],
  ["Info-ZIP's zip, into a pipe", "zip", [["sh", "-c", "zip -q -r - report | cat > skill.zip"]]],
  ["bsdtar", "bsdtar", [["bsdtar", "--format", "zip", "-cf", "skill.zip", "report"]]],
  ["7-Zip", "7z", [["7z", "a", "-bd", "-tzip", "skill.zip", "report"]]],
  [
    "git archive",
    "git",
    [
      ["git", "init", "-q", "."],
      ["git", "add", "report"],
      ["git", ...gitUser, "commit", "-qm", "skill"],
      ["git", "archive", "--format=zip", "-o", "skill.zip", "HEAD"],
    ],
  ],
];

/** What checks `skill.zip`, and fails where it finds a fault. */
const readers: [what: string, program: string, args: string[]][] = [
  ["Python's zipfile", "python3", ["-c", "import zipfile; assert zipfile.ZipFile('skill.zip').testzip() is None"]],
  ["Info-ZIP's unzip", "unzip", ["-tq", "skill.zip"]],
  ["bsdtar", "bsdtar", ["-tf", "skill.zip"]],
];

/** Python is in every run; of the others, those that the machine has. */
function isMissing(program: string): boolean {
  return program !== "python3" && spawnSync("sh", ["-c", `command -v ${program}`]).status !== 0;
}

describe("a skill's zip", () => {
  const folderOf = useSkillFolders();

  for (const [what, needed, commands] of writers)
    it(`is read as ${what} makes it`, async function () {
      if (isMissing(needed)) this.skip();
      const cwd = dirname(folderOf(reportFiles));
      for (const [program = "", ...args] of commands) execFileSync(program, args, { cwd });
      const { name, files } = await readSkillArchive(readFileSync(join(cwd, "skill.zip")));
      assert.equal(name, "report");
      assert.deepEqual(Object.fromEntries(files.map(({ path, bytes }) => [path, String(bytes)])), reportFiles);
      assert.deepEqual(
        files.filter(({ executable }) => executable).map(({ path }) => path),
        ["scripts/run.sh"],
      );
    });

  for (const [what, program, args] of readers)
    it(`of a folder is valid for ${what}`, async function () {
      if (isMissing(program)) this.skip();
      const folder = folderOf(reportFiles);
      writeFiles(folder, { "übersicht/€.txt": "text" });
      const cwd = dirname(folder);
      writeFileSync(join(cwd, "skill.zip"), await zipOfFolder(readSkillFolder(folder)));
      execFileSync(program, args, { cwd });
    });
});
