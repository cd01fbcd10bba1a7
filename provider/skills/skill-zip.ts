import { resolve } from "node:path";
import { buffer } from "node:stream/consumers";
import { quoted } from "../model/quoted";
import type { InlineSkill } from "../model/skills";
import { inMegabytes, limits } from "./limits";
import { SkillError } from "./skill-error";
import type { SkillFolder } from "./skill-folder";

/**
 * The zip of an inline skill. That of a folder has the same bytes for the same contents, as long as it is stored: what
 * deflates differs between versions and processors.
 * @throws SkillError where the folder cannot be used, or has other contents than the program found
 */
export async function zipOf({ source }: InlineSkill): Promise<Buffer> {
  if (source.type === "base64") return Buffer.from(source.data, "base64");
  const { readSkillFolder }: typeof import("./skill-folder") = require("./skill-folder");
  const folder = readSkillFolder(source.path);
  if (folder.sha256 !== source.sha256)
    throw new SkillError(
      "OC1212",
      `the folder ${quoted(resolve(source.path))} changed after the program had read it. Run the command again`,
    );
  return zipOfFolder(folder);
}

/** @throws SkillError where the zip is larger than the API accepts */
export async function zipOfFolder({ name, files }: SkillFolder): Promise<Buffer> {
  // Loaded when used: most containers have no zip.
  const { ZipFile } = await import("yazl");
  const zip = new ZipFile();
  const roomForDirectory = 2 * 2 ** 20;
  const compress = files.reduce((sum, { bytes }) => sum + bytes.length, 0) > limits.zipBytes - roomForDirectory;
  // The time of a zip has no zone: of a local one each zone makes the same bytes.
  const mtime = new Date(1980, 0, 1, 12);
  for (const { path, executable, bytes } of files) {
    const mode = executable ? 0o100755 : 0o100644;
    zip.addBuffer(bytes, `${name}/${path}`, { mtime, forceDosTimestamp: true, mode, compress });
  }
  zip.end();
  const made = await buffer(zip.outputStream);
  if (made.length > limits.zipBytes)
    throw new SkillError(
      "OC1204",
      `the skill is too large: its zip has ${inMegabytes(made.length)}, and the API accepts ${inMegabytes(limits.zipBytes)}. Remove what the skill does not need`,
    );
  return made;
}
