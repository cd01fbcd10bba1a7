import { dirname, join, relative, resolve } from "node:path";
import { CommandError } from "../command";
import { importsOf, isInModulePackage, moduleAt, usesImport } from "./modules";
import { readIfExists } from "./text-files";

/** The part of a program that this command writes, and the rest of it. */
export interface ProjectProgram {
  file: string;
  /** The files that the program loads besides. */
  others: string[];
}

/**
 * The file of the imported containers in the project of the current folder.
 * @param named the file that the person named. Default: one beside the entry, in its language
 * @throws CommandError where the folder is no project, or its program does not load the file
 */
export function programInProject(named: string | undefined): ProjectProgram {
  const entry = entryOf(process.cwd());
  const extension = /ts$/.test(entry) ? "ts" : "js";
  const file = named ?? relative(process.cwd(), join(dirname(entry), `sandboxes.${extension}`));
  const loaded = loadedBy(entry);
  assertLoads(loaded, entry, file);
  return { file, others: [...loaded].filter((path) => path !== resolve(file)) };
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

/** The files that the entry imports, itself or through other files, and the entry. */
function loadedBy(entry: string): Set<string> {
  const loaded = new Set([entry]);
  // A set's iteration goes on with what is added to it.
  for (const path of loaded) for (const imported of importsOf(path)) loaded.add(imported);
  return loaded;
}

function assertLoads(loaded: ReadonlySet<string>, entry: string, file: string): void {
  if (loaded.has(resolve(file))) return;
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
