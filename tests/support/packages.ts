import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { z } from "zod";

const checkout = join(__dirname, "../..");
const manifest = z.object({
  dependencies: z.record(z.string(), z.string()).default({}),
  peerDependencies: z.record(z.string(), z.string()).default({}),
});

/** A new folder for a program and its installed packages. */
export function newFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), "openai-containers-packages-")));
}

/** Links a package in this folder's node_modules to the checkout's copy, or to a folder. */
export function link(folder: string, name: string, to = join(checkout, "node_modules", name)): void {
  const path = join(folder, "node_modules", name);
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(realpathSync(to), path);
}

/**
 * A copy of its own of an installed package, whose dependencies are the checkout's.
 * @param except dependencies to leave out
 * @returns its folder
 */
export function copy(folder: string, name: string, except: readonly string[] = []): string {
  const from = name === "pulumi-openai-containers" ? checkout : realpathSync(join(checkout, "node_modules", name));
  const to = join(folder, "node_modules", name);
  const parts = from === checkout ? ["package.json", "dist"] : [""];
  for (const part of parts) {
    cpSync(join(from, part), join(to, part), {
      recursive: true,
      filter: (path) => path !== join(from, "node_modules"),
    });
  }
  const { dependencies, peerDependencies } = manifest.parse(JSON.parse(readFileSync(join(to, "package.json"), "utf8")));
  for (const dependency of Object.keys({ ...dependencies, ...peerDependencies })) {
    const nested = join(from, "node_modules", dependency);
    const installed = existsSync(nested) ? nested : join(checkout, "node_modules", dependency);
    if (!except.includes(dependency) && existsSync(installed)) link(to, dependency, installed);
  }
  return to;
}

/** Writes a package.json and, beside it, a program or module. */
export function write(folder: string, content: object, files: Record<string, string> = {}): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify(content));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}
