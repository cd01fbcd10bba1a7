const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

/**
 * Loads TypeScript as ts-node's transpile-only does, and keeps what it compiled: each of a run's processes would load the
 * compiler and compile three hundred files otherwise.
 */
const folder = join(__dirname, "../../node_modules/.cache/tests");
mkdirSync(folder, { recursive: true });
const version = [process.version, require("typescript/package.json").version, readFileSync(__filename, "utf8")].join();

/** @param {NodeModule} module @param {string} filename */
require.extensions[".ts"] = (module, filename) => {
  const source = readFileSync(filename, "utf8");
  const kept = join(folder, createHash("sha256").update(version).update(filename).update(source).digest("hex"));
  // Node's own loaders compile so; the types do not know of it.
  Reflect.get(module, "_compile").call(module, read(kept) ?? compile(source, filename, kept), filename);
};
process.setSourceMapsEnabled(true);

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined; // not compiled yet
  }
}

/** @param {string} source @param {string} fileName @param {string} kept where others find it */
function compile(source, fileName, kept) {
  /** @type {import("typescript")} */
  const { ModuleKind, ScriptTarget, transpileModule } = require("typescript");
  const compilerOptions = { module: ModuleKind.NodeNext, target: ScriptTarget.ES2022, inlineSourceMap: true };
  const { outputText } = transpileModule(source, { fileName, compilerOptions });
  const part = `${kept}.${process.pid}`;
  writeFileSync(part, outputText);
  renameSync(part, kept); // other processes read it meanwhile
  return outputText;
}
