import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

/** A file for a build, whose path in the build's folder has slashes on any system. */
export interface BuildFile {
  readonly path: string;
  readonly content: Buffer | string;
  readonly isExecutable: boolean;
}

/** Where tools keep what they can make again. Relative, so that state has the same path on each machine. */
const cache = "node_modules/.cache/pulumi-openai-containers";

/**
 * Writes files into a folder whose name is the hash of its content, so that runs beside one another share it or do not meet.
 * Permissions do not depend on this machine: they are part of the image, and a sandbox's user is nobody.
 * @returns the folder, relative to the working directory
 */
export function buildFolder(files: readonly BuildFile[]): string {
  const folder = `${cache}/${hashOf(files)}`;
  if (isMarkedAsUsed(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  removeUnused();
  const unfinished = mkdtempSync(join(cache, "unfinished-"));
  for (const { path, content, isExecutable } of files) {
    const target = join(unfinished, path);
    makeFolder(dirname(target));
    writeFileSync(target, content);
    chmodSync(target, isExecutable ? 0o755 : 0o644);
  }
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    rmSync(unfinished, { recursive: true });
    if (!existsSync(folder)) throw error; // or else another run has just written it
  }
  return folder;
}

/** Whether a folder exists. Its time then says that it is in use. */
function isMarkedAsUsed(folder: string): boolean {
  const now = new Date();
  try {
    utimesSync(folder, now, now);
    return true;
  } catch {
    return existsSync(folder); // on a disk that cannot be written to
  }
}

/** Longer than any run, so that this removes nothing that another one builds. */
const unusedMs = 7 * 24 * 60 * 60 * 1000;

function removeUnused(): void {
  const since = Date.now() - unusedMs;
  for (const name of readdirSync(cache)) {
    const folder = join(cache, name);
    const used = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? since; // another run may have removed it
    if (used < since) rmSync(folder, { recursive: true, force: true });
  }
}

function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
  chmodSync(folder, 0o755);
}

function hashOf(files: readonly BuildFile[]): string {
  const hash = createHash("sha256");
  for (const { path, content, isExecutable } of files) {
    hash.update(`${JSON.stringify(path)} ${isExecutable} ${Buffer.byteLength(content)}\n`).update(content);
  }
  return hash.digest("hex").slice(0, 16);
}
