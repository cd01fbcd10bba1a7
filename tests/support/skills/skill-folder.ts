import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export const manifest = "---\nname: report\ndescription: Writes reports\n---\n\nUse scripts/run.sh.\n";

/** The files of a small skill, by path. */
export const reportFiles = { "SKILL.md": manifest, "scripts/run.sh": "#!/bin/sh\necho report\n", "data.csv": "1,2\n" };

/** Folders of skills for one test file, removed after it. */
export function useSkillFolders(): (files: Record<string, string | Buffer>) => string {
  let root = "";
  let made = 0;
  before(() => {
    root = mkdtempSync(join(tmpdir(), "openai-containers-skills-"));
  });
  after(() => rmSync(root, { recursive: true, force: true }));
  return (files) => {
    const folder = join(root, String(made++), "report");
    mkdirSync(folder, { recursive: true });
    writeFiles(folder, files);
    return folder;
  };
}

export function writeFiles(folder: string, files: Record<string, string | Buffer>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
    if (path.endsWith(".sh")) chmodSync(join(folder, path), 0o755);
  }
}
