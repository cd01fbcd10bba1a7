import { lstatSync, readFileSync, type Stats } from "node:fs";
import { join } from "node:path";
import ignore from "ignore";
import { quoted } from "../model/quoted";
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
  const patterns = textOf(folder, ".skillignore") ?? textOf(folder, ".gitignore") ?? "";
  const rules = ignore({ ignorecase: false, allowRelativePaths: true }).add(always).add(patterns);
  return (path) => rules.ignores(path);
}

/** Undefined where there is no such file. */
function textOf(folder: string, name: string): string | undefined {
  const file = join(folder, name);
  try {
    assertPlain(name, lstatSync(file)); // a FIFO could be read for ever
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof SkillError) throw error;
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    if (code === "ENOENT") return undefined;
    throw new SkillError("OC1201", `the ignore file ${quoted(file)} cannot be read: ${code}. Correct its permissions`);
  }
}

/** Of a link the patterns could be others on each machine, as for a skill's own files. */
function assertPlain(name: string, stats: Stats): void {
  if (stats.isFile()) return;
  const what = stats.isSymbolicLink() ? "a symbolic link" : "no file";
  throw new SkillError("OC1202", `the ignore file ${quoted(name)} is ${what}. Replace it by a file`);
}
