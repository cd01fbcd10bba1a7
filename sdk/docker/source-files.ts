import { lstatSync, readdirSync, readFileSync, type Stats, statSync } from "node:fs";
import { basename, join, posix, resolve, sep } from "node:path";
import type { BuildFile } from "./build-folder";

/** A file or folder that a build cannot copy; its message says which and why. */
export class UncopiableError extends Error {
  constructor(file: string, what: string) {
    super(`${JSON.stringify(file)} is ${what}`);
  }
}

/**
 * The files of a file or folder on this machine. The program names the source itself, which may be a link; a link inside may
 * lead out of the folder, to a private key or to something else on each machine.
 * @throws UncopiableError, or the system's error where one cannot be read
 */
export function filesUnder(source: string, path: string): BuildFile[] {
  const files = filesOf(source, statSync(source), path);
  if (files.length === 0) throw new UncopiableError(source, "a folder without files");
  return files;
}

/** The text of a file. @throws where it is none, as a FIFO, whose reading never ends, or the system's error */
export function textOf(file: string): string {
  if (!statSync(file).isFile()) throw new Error("it is not a file");
  return readFileSync(file, "utf8");
}

function filesOf(source: string, stats: Stats, path: string): BuildFile[] {
  if (stats.isDirectory()) return filesIn(source, path);
  if (stats.isSymbolicLink()) throw new UncopiableError(source, "a symbolic link");
  // Reading a FIFO or a device such as /dev/zero never ends.
  if (!stats.isFile()) throw new UncopiableError(source, "neither a file nor a folder");
  return [{ path, content: readFileSync(source), isExecutable: (stats.mode & 0o100) !== 0 }];
}

function filesIn(folder: string, path: string): BuildFile[] {
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name))
    .filter((file) => !isLeftOut(resolve(file)))
    .flatMap((file) => filesOf(file, lstatSync(file), posix.join(path, basename(file))));
}

/** A repository's history, which may hold a token; the program's own packages; and caches, one of which has builds. */
function isLeftOut(file: string): boolean {
  return (
    basename(file) === ".git" || file === resolve("node_modules") || file.endsWith(join(sep, "node_modules", ".cache"))
  );
}
