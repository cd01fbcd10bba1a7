import { existsSync, statSync } from "node:fs";
import { dirname, extname, join, resolve } from "node:path";
import { z } from "zod";
import { readIfExists } from "./text-files";

const extensions = [".ts", ".js", ".mts", ".mjs", ".cts", ".cjs"];

/** A module's file as Node and TypeScript find it; undefined where there is none. */
export function moduleAt(path: string): string | undefined {
  if (!isFolder(path)) return namesOf(path).find(isFile);
  const { main } = packageJson(path);
  const paths = [...(main === undefined ? [] : namesOf(join(path, main))), ...namesOf(join(path, "index"))];
  return paths.find(isFile);
}

/** The files that a file imports by a relative path; of one that does not exist yet, all that it could be. */
export function importsOf(file: string): string[] {
  const specifiers = (readIfExists(file) ?? "").matchAll(
    /^(?!\s*\/\/).*?(?:from|import|require\()\s*["'](\.[^"']+)["']/gm,
  );
  return Array.from(specifiers, ([, specifier = ""]) => resolve(dirname(file), specifier)).flatMap(
    (path) => moduleAt(path) ?? namesOf(path).filter((name) => !isFolder(name)),
  );
}

/** Whether a file has `import` rather than `require`: as TypeScript and as an ES module. */
export function usesImport(file: string): boolean {
  return extname(file) !== ".cjs" && (extname(file) !== ".js" || isInModulePackage(file));
}

/** Whether the package of a file consists of ES modules, unless their extensions say otherwise. */
export function isInModulePackage(file: string): boolean {
  for (let folder = dirname(resolve(file)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return packageJson(folder).type === "module";
    if (folder === dirname(folder)) return false;
  }
}

/** The file itself, and with each extension: TypeScript imports `./x.ts` as `./x.js`. */
function namesOf(path: string): string[] {
  const stem = path.replace(/\.[cm]?[jt]s$/, "");
  return [path, ...extensions.map((extension) => stem + extension)];
}

function packageJson(folder: string): { type?: string | undefined; main?: string | undefined } {
  const text = readIfExists(join(folder, "package.json"));
  if (text === undefined) return {};
  try {
    return z.object({ type: z.string().optional(), main: z.string().optional() }).parse(JSON.parse(text));
  } catch {
    return {}; // Pulumi reports it
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
