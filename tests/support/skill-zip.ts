import { buffer } from "node:stream/consumers";
import { ZipFile } from "yazl";

/** The manifest of a skill. */
export const manifest = (name: string) => `---\nname: ${name}\ndescription: Writes reports\n---\nWrite one.\n`;

/** A zip of files by their paths. Default: a skill of the name `report`. */
export function skillZip(files: Record<string, string | Buffer> = { "report/SKILL.md": manifest("report") }) {
  const zip = new ZipFile();
  for (const [path, content] of Object.entries(files)) {
    zip.addBuffer(Buffer.from(content), path, { mtime: new Date(0), forceDosTimestamp: true });
  }
  zip.end();
  return buffer(zip.outputStream);
}
