import { dirname, join, relative, resolve } from "node:path";
import { CommandError } from "../command";
import { importsOf, isInModulePackage, moduleAt, usesImport } from "./modules";
import { readIfExists } from "./text-files";

/**
 * The file of the imported containers in the project of the current folder.
 * @param named the file that the person named. Default: one beside the entry, in its language
 * @throws CommandError where the folder is no project, or its program does not load the file
 */
export function programInProject(named: string | undefined): string {
  const entry = entryOf(process.cwd());
  const extension = /ts$/.test(entry) ? "ts" : "js";
  const program = named ?? relative(process.cwd(), join(dirname(entry), `sandboxes.${extension}`));
  assertLoads(entry, program);
  return program;
}

/** The file that Pulumi runs. */
function entryOf(folder: string): string {
  const project = readIfExists(join(folder, "Pulumi.yaml")) ?? readIfExists(join(folder, "Pulumi.yml"));
  if (project === undefined)
    throw new CommandError(
      "OC5210",
      `There is no Pulumi.yaml in ${folder}`,
      "Run this command in the folder of a Pulumi project",
    );
  const [, main = "."] = /^main:\s*["']?([^"'#\n]*[^"'#\s])/m.exec(project) ?? [];
  const entry = moduleAt(resolve(folder, main));
  if (entry === undefined)
    throw new CommandError(
      "OC5211",
      `There is no Node.js program at ${join(folder, main)}`,
      "Create its index.ts or index.js, or correct `main` in Pulumi.yaml",
    );
  return entry;
}

/** Asserts that Pulumi's program loads a file: that its entry imports it, itself or through other files. */
function assertLoads(entry: string, file: string): void {
  const visited = new Set<string>();
  const pending = [entry];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (path === resolve(file)) return;
    if (!visited.has(path)) pending.push(...importsOf(path));
    visited.add(path);
  }
  const name = relative(process.cwd(), entry);
  throw new CommandError(
    "OC5212",
    `${name} does not import ${file}, so that Pulumi would not find its containers in the program`,
    `Add this line to ${name}, and run this command again: ${importLine(entry, file)}`,
  );
}

function importLine(entry: string, file: string): string {
  const path = relative(dirname(entry), resolve(file)).replaceAll("\\", "/");
  const specifier = (path.startsWith(".") ? path : `./${path}`).replace(/\.[jt]s$/, "");
  if (!usesImport(entry)) return `require("${specifier}");`;
  return `import "${specifier}${isInModulePackage(entry) ? ".js" : ""}";`;
}
