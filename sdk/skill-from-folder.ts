import { isAbsolute, relative, resolve, sep } from "node:path";
import { runError } from "./coded";

/** What {@link skillFromFolder} returns: an `InlineSkill`. */
export interface FolderSkill {
  readonly type: "inline";
  /** Of the front matter. */
  readonly name: string;
  /** Of the front matter. */
  readonly description: string;
  readonly source: { readonly type: "folder"; readonly path: string; readonly sha256: string };
}

/**
 * Describes the skill in a folder, for the argument `skills`. The folder has a `SKILL.md` whose front matter has a name and
 * a description. State records its path and the SHA-256 of its contents, and the files are read again when the container is
 * created. A preview shows a skill whose contents changed; a folder that moved is no change.
 *
 * ```ts
 * const sandbox = new Container("analysis", { skills: [skillFromFolder("./skills/report")] });
 * ```
 *
 * Left out is what `.skillignore` names, or where there is none `.gitignore`, in git's syntax; and without that
 * `.git`, `node_modules`, `__pycache__`, `*.pyc` and `.DS_Store`.
 * @param path relative to the folder in which the program runs, or absolute, which is recorded as it is. Pass an absolute
 * one where Pulumi may run the provider in another folder than the program: the provider reads the files again
 * @throws pulumi.RunError where the folder is no skill that the API accepts: without exactly one `SKILL.md`, with links, or
 * with more than 500 files, 25 MB in one of them, or 250 MB in all
 */
export function skillFromFolder(path: string): FolderSkill {
  if (typeof path !== "string" || path === "")
    throw runError(
      "OC1214",
      `skillFromFolder needs the path of a folder, and got ${path === "" ? "none" : typeof path}.`,
    );
  const { readSkillFolder, SkillError } = reader();
  try {
    const { name, description, sha256 } = readSkillFolder(path);
    const source = { type: "folder", path: recordedPath(path), sha256 } as const;
    return { type: "inline", name, description, source };
  } catch (error) {
    if (error instanceof SkillError)
      throw runError(error.code, `skillFromFolder(${JSON.stringify(path)}): ${error.text}.`);
    throw error;
  }
}

/** A relative one stays so, as state is shared by machines that have the program in different places. */
function recordedPath(path: string): string {
  const recorded = isAbsolute(path) ? resolve(path) : relative(process.cwd(), path) || ".";
  return recorded.split(sep).join("/");
}

/** Loaded by the first call, so that no program without a skill waits for it at its start. */
function reader(): typeof import("../provider/skills/skill-folder") {
  return require("../provider/skills/skill-folder");
}
