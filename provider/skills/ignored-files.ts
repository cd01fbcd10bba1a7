import { readFileSync } from "node:fs";
import { join } from "node:path";
import ignore from "ignore";
import { SkillError } from "./skill-error";

/** Left out of every skill unless its ignore file has them back (`!node_modules/`); other tools that pack skills do so, too. */
const always = [
  ".git",
  ".gitignore",
  ".skillignore",
  ".DS_Store",
  "Thumbs.db",
  "__pycache__/",
  "*.pyc",
  "node_modules/",
];

/**
 * Which paths of a skill's folder its ignore file leaves out: `.skillignore`, or where there is none `.gitignore`, with
 * git's syntax, and only at the top. As npm does with `.npmignore`.
 * @returns a function of a path below the folder, with a "/" at the end of a folder's
 */
export function ignoredIn(folder: string): (path: string) => boolean {
  const patterns = textOf(join(folder, ".skillignore")) ?? textOf(join(folder, ".gitignore")) ?? "";
  const rules = ignore({ ignorecase: false, allowRelativePaths: true }).add(always).add(patterns);
  return (path) => rules.ignores(path);
}

/** Undefined where there is no such file. */
function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    if (code === "ENOENT") return undefined;
    throw new SkillError(
      "OC1201",
      `the ignore file ${JSON.stringify(file)} cannot be read: ${code}. Correct its permissions`,
    );
  }
}
