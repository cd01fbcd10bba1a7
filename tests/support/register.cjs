const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

/**
 * Loads TypeScript as ts-node's transpile-only does, and keeps what it compiled: each of a run's processes would load the
 * compiler and compile three hundred files otherwise.
 */
const folder = join(__dirname, "../../node_modules/.cache/tests");
mkdirSync(folder, { recursive: true });
const compilerOptions = { module: "NodeNext", target: "ES2022", inlineSourceMap: true };
const version = JSON.stringify([process.version, compilerOptions, require("typescript/package.json").version]);

require.extensions[".ts"] = (module, filename) => {
  const source = readFileSync(filename, "utf8");
  const kept = join(folder, createHash("sha256").update(version).update(filename).update(source).digest("hex"));
  module._compile(read(kept) ?? compile(source, filename, kept), filename);
};
process.setSourceMapsEnabled(true);

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined; // not compiled yet
  }
}

function compile(source, fileName, kept) {
  const { outputText } = require("typescript").transpileModule(source, { fileName, compilerOptions });
  const part = `${kept}.${process.pid}`;
  writeFileSync(part, outputText);
  renameSync(part, kept); // other processes read it at once
  return outputText;
}
