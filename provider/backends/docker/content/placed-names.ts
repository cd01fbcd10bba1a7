import { createHash } from "node:crypto";
import { parse } from "node:path";
import type { SkillFile } from "../../../skills/skill-files";

/**
 * The names of files and skills in a sandbox have the form that the hosted API gives them. Their hex digits are derived, so that
 * a repair or a replacement gives the same names.
 */

const longestName = 255; // bytes, of a name in a file system of Linux
const longestExtension = 16; // bytes
const digits = 32;

/** `<32 hex>-<name>`: the digits come from the file's id. */
export function fileName(id: string, name: string): string {
  return `${createHash("sha256").update(id).digest("hex").slice(0, digits)}-${safeName(name)}`;
}

/** `<name>-<32 hex>`: the digits come from the skill's content. */
export function skillFolder(name: string, files: readonly SkillFile[]): string {
  const hash = createHash("sha256");
  for (const { path, executable, bytes } of files)
    hash.update(JSON.stringify([path, executable, bytes.length])).update(bytes);
  return `${safeName(name)}-${hash.digest("hex").slice(0, digits)}`;
}

/** A name without separators of paths and control characters, cut to what a file system accepts beside the digits. */
function safeName(name: string): string {
  const { name: stem, ext } = parse(name.replace(/[/\\\p{Cc}]/gu, "_"));
  const room = longestName - digits - 1;
  const extension = Buffer.byteLength(ext) <= longestExtension ? ext : "";
  return `${cut(extension ? stem : stem + ext, room - Buffer.byteLength(extension))}${extension}`;
}

/** As many whole characters as so many bytes of UTF-8 can hold. */
function cut(text: string, bytes: number): string {
  const whole = Buffer.from(text);
  return whole.length <= bytes ? text : new TextDecoder().decode(whole.subarray(0, bytes), { stream: true });
}
