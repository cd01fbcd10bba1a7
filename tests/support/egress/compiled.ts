import { readFileSync } from "node:fs";
import { ModuleKind, ScriptTarget, transpileModule } from "typescript";

/** A program's file as plain Node runs it. */
export function compiled(source: string): string {
  const compilerOptions = { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 };
  return transpileModule(readFileSync(source, "utf8"), { compilerOptions }).outputText;
}
