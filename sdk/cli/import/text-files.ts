import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { CommandError } from "../command";

/**
 * @returns undefined where there is no such file
 * @throws CommandError where it cannot be read
 */
export function readIfExists(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw inaccessible("read", file, error);
  }
}

/**
 * Writes a file as a whole or not at all, as a person may have edited it.
 * @throws CommandError where it cannot be written
 */
export function writeText(file: string, text: string): void {
  if (readIfExists(file) === text) return;
  const part = `${file}.${process.pid}.part`;
  try {
    writeFileSync(part, text);
    renameSync(part, file);
  } catch (error) {
    rmSync(part, { force: true });
    throw inaccessible("write", file, error);
  }
}

/**
 * Parses JSON, which may begin with a byte order mark, as editors on Windows write it.
 * @throws SyntaxError
 */
export function jsonFrom(text: string): unknown {
  return JSON.parse(text.replace(/^\uFEFF/, ""));
}

function inaccessible(verb: "read" | "write", file: string, error: unknown): CommandError {
  const reason = error instanceof Error ? error.message : String(error);
  return new CommandError(
    "OC5208",
    `Cannot ${verb} ${file}: ${reason}`,
    "Name a file that the current user can access",
  );
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
