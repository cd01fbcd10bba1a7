const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

/**
 * Loads TypeScript with ts-node, and keeps its output: otherwise each process of a run would load the compiler and compile
 * three hundred files.
 */
const folder = join(__dirname, "../../node_modules/.cache/tests");
mkdirSync(folder, { recursive: true });
const versions = ["typescript", "ts-node"].map((name) => require(`${name}/package.json`).version);
const version = [process.version, ...versions, readFileSync(__filename, "utf8")].join();
/** @type {import("ts-node").Service | undefined} */
let compiler;

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

/** @param {string} source @param {string} filename @param {string} kept where others find it */
function compile(source, filename, kept) {
  compiler ??= require("ts-node").create({ transpileOnly: true });
  const output = compiler.compile(source, filename);
  const part = `${kept}.${process.pid}`;
  writeFileSync(part, output);
  renameSync(part, kept); // other processes read it meanwhile
  return output;
}
