import { quoted, shortened } from "../model/quoted";
import { inMegabytes, limits } from "./limits";
import { SkillError } from "./skill-error";

/** A file of a skill. */
export interface SkillFile {
  /** Below the skill's folder, separated by "/". */
  path: string;
  executable: boolean;
  bytes: Buffer;
}

/** A file that is not read yet. */
export interface ListedFile {
  path: string;
  /** In bytes. */
  size: number;
}

/**
 * Asserts the rules for the files of a skill, in a folder as in a zip, before any of them is read.
 * @throws SkillError
 */
export function assertSkillFiles(files: readonly ListedFile[]): void {
  if (files.length > limits.files)
    throw tooLarge(`there are more than ${limits.files} files, and the API accepts ${limits.files}`);
  for (const { path, size } of files) {
    assertPath(path);
    if (size > limits.fileBytes)
      throw tooLarge(
        `${quoted(path)} has ${inMegabytes(size)}, and the API accepts ${inMegabytes(limits.fileBytes)} a file`,
      );
  }
  const total = files.reduce((sum, { size }) => sum + size, 0);
  if (total > limits.totalBytes)
    throw tooLarge(`the files have ${inMegabytes(total)} in all, and ${inMegabytes(limits.totalBytes)} are accepted`);
  assertNoCollision(files.map(({ path }) => path));
  assertOneManifest(files.map(({ path }) => path));
}

/** @throws SkillError where such a path could lead elsewhere, or could not be written on each system */
export function assertPath(path: string): void {
  const reason = path.length > limits.pathBytes ? "it is too long" : reasonAgainst(path);
  if (reason !== undefined) throw pathRefused(path, reason);
}

export function pathRefused(path: string, reason: string): SkillError {
  return new SkillError("OC1205", `the path ${quoted(shortened(path))} is not allowed: ${reason}. Rename the file`);
}

function reasonAgainst(path: string): string | undefined {
  if (path.startsWith("/") || /^[A-Za-z]:/.test(path)) return "it is absolute";
  if (path.includes("\\")) return "it has a backslash";
  if (/[\p{Cc}\p{Cs}]/u.test(path)) return "it has a control character";
  if (path.includes("\uFFFD")) return "it is not in UTF-8"; // what a decoder has in place of other bytes
  const names = path.split("/");
  if (names.includes("..") || names.includes(".")) return 'it has a part ".." or "."';
  if (names.includes("")) return "it has an empty part";
  if (names.some((name) => Buffer.byteLength(name) > limits.nameBytes))
    return `a part of it has more than ${limits.nameBytes} bytes`;
  return undefined;
}

/** Names that differ in case only are one file on macOS and Windows. */
function assertNoCollision(paths: readonly string[]): void {
  const seen = new Map<string, { path: string; isFile: boolean }>();
  for (const path of paths) {
    const names = path.split("/");
    for (const length of names.keys()) {
      const part = names.slice(0, length + 1).join("/");
      const isFile = part === path;
      const key = part.normalize("NFC").toLowerCase();
      const before = seen.get(key);
      if (before && (before.isFile || isFile || before.path !== part)) throw collision(before.path, part);
      seen.set(key, { path: part, isFile });
    }
  }
}

function collision(one: string, other: string): SkillError {
  const what =
    one === other
      ? `${quoted(one)} is there twice`
      : `${quoted(one)} and ${quoted(other)} are the same name on some systems`;
  return new SkillError("OC1206", `${what}. Rename or remove one of them`);
}

/** Whether it is the file that describes the skill: the API accepts any letter case. */
export function isManifest(path: string): boolean {
  return path.toLowerCase() === "skill.md";
}

function assertOneManifest(paths: readonly string[]): void {
  const [manifest, another] = paths.filter((path) => isManifest(path.slice(path.lastIndexOf("/") + 1))).sort(byDepth);
  if (manifest === undefined || !isManifest(manifest))
    throw new SkillError("OC1203", "there is no SKILL.md directly in the skill's folder. Add one");
  if (another !== undefined)
    throw new SkillError(
      "OC1203",
      `there are ${quoted(manifest)} and ${quoted(another)}, and the API accepts one SKILL.md. Rename one of them`,
    );
}

function byDepth(one: string, other: string): number {
  return one.split("/").length - other.split("/").length;
}

function tooLarge(what: string): SkillError {
  return new SkillError("OC1204", `the skill is too large: ${what}. Remove what the skill does not need`);
}
