import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSkillFolder } from "../../provider/skills/skill-folder";
import { zipOfFolder } from "../../provider/skills/skill-zip";
import { inTurn, type Row, timed } from "./measure";

const files = 400;
const fileBytes = 100_000;

/** A skill's folder of 40 MB, read, hashed and zipped in this process, beside Info-ZIP's zip of the same folder. */
export async function skills(): Promise<Row[]> {
  const root = mkdtempSync(join(tmpdir(), "openai-containers-bench-"));
  try {
    const folder = join(root, "report");
    mkdirSync(folder);
    writeFileSync(join(folder, "SKILL.md"), "---\nname: report\ndescription: Writes reports\n---\n");
    for (let index = 0; index < files; index += 1) writeFileSync(join(folder, `${index}.csv`), table(index));
    return await inTurn("zip a skill's folder of 40 MB", "ms", 5, [
      ["zip -q -r", async () => timed(async () => zip(root, "-q"))],
      ["zip -q -r -0, stored", async () => timed(async () => zip(root, "-q0"))],
      ["ours: read, hashed and zipped", async () => timed(async () => zipOfFolder(readSkillFolder(folder)))],
      ["ours: read and hashed, as in a preview", async () => timed(async () => readSkillFolder(folder))],
    ]);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function zip(cwd: string, options: string): void {
  execFileSync("zip", [options, "-r", "skill.zip", "report"], { cwd });
  rmSync(join(cwd, "skill.zip"));
}

/** Numbers that compress as a table does. */
function table(seed: number): Buffer {
  const rows = Array.from({ length: fileBytes / 20 }, (_, row) =>
    `${(seed * 7919 + row * 104_729) % 9_999_991};`.padEnd(19, "0"),
  );
  return Buffer.from(`${rows.join("\n")}\n`);
}
