import { crc32, createInflateRaw } from "node:zlib";
import { quoted } from "../model/quoted";
import { inMegabytes, limits } from "./limits";
import { SkillError } from "./skill-error";
import { assertPath, assertSkillFiles, type SkillFile } from "./skill-files";
import { readDirectory, type ZipEntry } from "./zip-directory";
import { broken } from "./zip-layout";

export type { SkillFile };

/**
 * Reads the zip of a skill that anybody may have made. What it returns can be written below a folder as it is. It takes
 * memory for the files, 250 MB at most, and for the zip.
 * @returns the name of the zip's only top-level folder, and the files below it
 * @throws SkillError which names the entry
 */
export async function readSkillArchive(zip: Buffer): Promise<{ name: string; files: SkillFile[] }> {
  const { name, entries } = await listSkillArchive(zip);
  const files: SkillFile[] = [];
  for (const entry of entries) {
    const path = entry.path.slice(name.length + 1);
    files.push({ path, executable: entry.executable, bytes: await contentOf(entry) });
  }
  return { name, files };
}

/**
 * The same without inflating anything, which a preview can afford.
 * @throws SkillError which names the entry
 */
export async function listSkillArchive(zip: Buffer): Promise<{ name: string; entries: ZipEntry[] }> {
  if (zip.length > limits.zipBytes)
    throw new SkillError(
      "OC1204",
      `the skill is too large: the zip has ${inMegabytes(zip.length)}, and the API accepts ${inMegabytes(limits.zipBytes)}. Remove what the skill does not need`,
    );
  const all = await readDirectory(zip);
  for (const { path } of all) assertPath(path.replace(/\/$/, ""));
  const name = topFolder(all);
  const entries = all.filter(({ isFolder }) => !isFolder);
  assertSkillFiles(entries.map(({ path, size }) => ({ path: path.slice(name.length + 1), size })));
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  if (total > limits.ratioAboveBytes && total > limits.ratio * zip.length)
    throw new SkillError(
      "OC1204",
      `the zip expands to more than ${limits.ratio} times its size. Create it without compression`,
    );
  return { name, entries };
}

function topFolder(entries: readonly ZipEntry[]): string {
  const names = new Set(entries.map(({ path }) => path.split("/", 1)[0] ?? ""));
  const onTop = entries.find(({ path }) => !path.includes("/"));
  const [name, another] = names;
  if (name === undefined) throw new SkillError("OC1210", "the zip is empty. Create it from the skill's folder");
  if (onTop)
    throw new SkillError(
      "OC1210",
      `${quoted(onTop.path)} is not in a folder. Create the zip from the skill's folder, not from its files`,
    );
  if (another !== undefined)
    throw new SkillError(
      "OC1210",
      `the zip has two top-level folders, ${quoted(name)} and ${quoted(another)}. Create it from the skill's folder alone`,
    );
  return name;
}

async function contentOf({ path, data, size, isDeflated, crc32: expected }: ZipEntry): Promise<Buffer> {
  const bytes = isDeflated ? await inflated(path, data, size) : data;
  if (bytes.length !== size || crc32(bytes) !== expected) throw broken(`the content of ${quoted(path)} is damaged`);
  return bytes;
}

async function inflated(path: string, data: Buffer, size: number): Promise<Buffer> {
  const inflate = createInflateRaw();
  inflate.end(data);
  try {
    const bytes = await joined(inflate, size);
    if (inflate.bytesWritten === data.length) return bytes;
  } catch {
    throw broken(`the content of ${quoted(path)} is damaged, or is not of the size that the zip declares`);
  }
  throw broken(`there is other data after the content of ${quoted(path)}`);
}

/** @throws RangeError as soon as there are more bytes than that */
async function joined(pieces: AsyncIterable<Buffer>, most: number): Promise<Buffer> {
  const all: Buffer[] = [];
  let length = 0;
  for await (const piece of pieces) {
    length += piece.length;
    if (length > most) throw new RangeError(`more than ${most} bytes`);
    all.push(piece);
  }
  return Buffer.concat(all);
}
