import { createHash } from "node:crypto";
import { type Dirent, opendirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { quoted } from "../model/quoted";
import { frontMatterOf } from "./front-matter";
import { ignoredIn } from "./ignored-files";
import { limits } from "./limits";
import { SkillError } from "./skill-error";
import { assertSkillFiles, isManifest, type ListedFile, type SkillFile } from "./skill-files";

/** A skill as its folder has it. */
export interface SkillFolder {
  name: string;
  description: string;
  /** In the order of their paths' bytes. */
  files: SkillFile[];
  /** In hexadecimal, of each file's path, size and bytes. State keeps it, so what it is made of never changes. */
  sha256: string;
}

export { SkillError };

interface FolderFile extends ListedFile {
  /** Where it is on this machine. */
  file: string;
}

/**
 * Reads the folder of a skill, without what its ignore file leaves out. Equal contents give an equal result on every
 * system: so a file's mode has no meaning, and what begins as a script or a program does is executable.
 * @throws SkillError where the folder is none that the API accepts
 */
export function readSkillFolder(path: string): SkillFolder {
  const folder = resolve(path); // for errors: the program and the provider may run in different folders
  if (!asRead(folder, () => statSync(folder)).isDirectory())
    throw new SkillError("OC1201", `${quoted(folder)} is not a folder. Pass the folder that has the SKILL.md`);
  const listed = listFiles(folder);
  assertSkillFiles(listed);
  const files = listed.map(({ path, file }) => {
    const bytes = asRead(file, () => readFileSync(file));
    return { path, executable: isExecutable(bytes), bytes };
  });
  // Now by the sizes that were read, as a file may have grown.
  assertSkillFiles(files.map(({ path, bytes }) => ({ path, size: bytes.length })));
  const manifest = files.find(({ path }) => isManifest(path));
  const { name, description } = frontMatterOf(manifest?.bytes ?? Buffer.alloc(0));
  return { name, description, files, sha256: digestOf(files) };
}

/** In the order of their paths' bytes. */
function listFiles(folder: string): FolderFile[] {
  asRead(folder, () => opendirSync(folder).closeSync()); // before its ignore file, which would be named for it
  const found: FolderFile[] = [];
  for (const file of filesBelow(folder, "", ignoredIn(folder))) {
    found.push(file);
    if (found.length > limits.files) break; // the path may be a mistake, and lead to a whole disk
  }
  return found.sort((one, other) => Buffer.compare(Buffer.from(one.path), Buffer.from(other.path)));
}

function* filesBelow(folder: string, below: string, isIgnored: (path: string) => boolean): Generator<FolderFile> {
  const place = join(folder, below);
  const entries = asRead(place, () => readdirSync(place, { withFileTypes: true }));
  for (const entry of entries) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (isIgnored(entry.isDirectory() ? `${path}/` : path)) continue;
    if (entry.isDirectory()) yield* filesBelow(folder, path, isIgnored);
    else yield fileOf(entry, join(folder, path), path);
  }
}

function fileOf(entry: Dirent, file: string, path: string): FolderFile {
  if (!entry.isFile()) throw notPlain(path, entry.isSymbolicLink());
  // macOS writes names decomposed on some disks.
  return { path: path.normalize("NFC"), file, size: asRead(file, () => statSync(file)).size };
}

/** A link may lead out of the folder, to something else on each machine; and a zip with links is refused as hostile. */
function notPlain(path: string, isLink: boolean): SkillError {
  const what = isLink ? "a symbolic link" : "neither a file nor a folder";
  const advice = isManifest(path) ? "Replace it by a file" : "Replace it by a file, or name it in .skillignore";
  return new SkillError("OC1202", `${quoted(path)} is ${what}. ${advice}`);
}

function digestOf(files: readonly SkillFile[]): string {
  const hash = createHash("sha256");
  for (const { path, bytes } of files) hash.update(`${path}\0${bytes.length}\0`).update(bytes);
  return hash.digest("hex");
}

/** `#!`, or an ELF program. */
function isExecutable(bytes: Buffer): boolean {
  const start = bytes.toString("latin1", 0, 4);
  return start.startsWith("#!") || start === "\x7fELF";
}

/** @param path absolute, for an error's reader */
function asRead<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const why = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new SkillError("OC1201", `${quoted(path)} cannot be read: ${why}. Correct the path, or the permissions`);
  }
}
