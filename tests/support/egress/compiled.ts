import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CompilerOptions } from "typescript";

/** As `register.cjs` does: the compiler and its output are the same for each of twenty gateways of a run. */
const folder = join(__dirname, "../../../node_modules/.cache/tests");
const { version }: { version: string } = require("typescript/package.json");

/** A program's file as plain Node runs it. */
export function compiled(source: string): string {
  const text = readFileSync(source, "utf8");
  const kept = join(folder, createHash("sha256").update(`plain ${version} `).update(text).digest("hex"));
  try {
    return readFileSync(kept, "utf8");
  } catch {
    const output = compile(text);
    mkdirSync(folder, { recursive: true });
    const part = `${kept}.${process.pid}`;
    writeFileSync(part, output);
    renameSync(part, kept); // other processes read it meanwhile
    return output;
  }
}

function compile(text: string): string {
  const { ModuleKind, ScriptTarget, transpileModule }: typeof import("typescript") = require("typescript");
  const compilerOptions: CompilerOptions = { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 };
  return transpileModule(text, { compilerOptions }).outputText;
}
