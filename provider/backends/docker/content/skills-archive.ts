import { dirname } from "node:path/posix";
import type { SkillFile } from "../../../skills/skill-files";
import type { StreamedEntry } from "../engine/archive";
import { skillFolder } from "./placed-names";

/** A skill that is to be unpacked into a sandbox. */
export interface UnpackedSkill {
  name: string;
  files: readonly SkillFile[];
}

const root = { uid: 0, gid: 0 };

/** The skills, each in a folder of its own, which the sandbox's user can read and not change. */
export function* skillEntries(skills: readonly UnpackedSkill[]): Generator<StreamedEntry> {
  for (const { name, files } of skills) {
    const folder = skillFolder(name, files);
    for (const path of foldersOf(folder, files)) yield { name: path, type: "directory", mode: 0o555, ...root };
    for (const { path, executable, bytes } of files) {
      const mode = executable ? 0o555 : 0o444;
      yield { name: `${folder}/${path}`, mode, ...root, size: bytes.length, content: [bytes] };
    }
  }
}

/** A skill's folder and those in it, each before its own folders. */
function foldersOf(folder: string, files: readonly SkillFile[]): string[] {
  const folders = new Set([folder]);
  const add = (path: string) => {
    if (folders.has(path)) return;
    add(dirname(path));
    folders.add(path);
  };
  for (const { path } of files) add(dirname(`${folder}/${path}`));
  return [...folders];
}
