import type { Entry } from "yauzl";
import { quoted } from "../model/quoted";
import { limits } from "./limits";
import { SkillError } from "./skill-error";
import { pathRefused } from "./skill-files";
import { assertTiled, broken, type Extent, endRecordOf } from "./zip-layout";

/** An entry of a zip as its directory describes it: nothing is inflated yet. */
export interface ZipEntry {
  /** As written, with a "/" at the end of a folder's. */
  path: string;
  isFolder: boolean;
  executable: boolean;
  isDeflated: boolean;
  /** In bytes, inflated. */
  size: number;
  crc32: number;
  /** Its bytes in the zip. */
  data: Buffer;
}

/** Nothing, deflated: what Java's `jar` writes for a folder. */
const emptyDeflated = Buffer.from([3, 0]);

/**
 * Reads the directory of a zip that anybody may have made.
 * @throws SkillError where it is broken, or has entries that are neither plain files nor folders
 */
export async function readDirectory(zip: Buffer): Promise<ZipEntry[]> {
  const endRecord = endRecordOf(zip);
  // Loaded when used: most containers have no zip.
  const { fromBufferPromise, getFileNameLowLevel } = await import("yauzl");
  try {
    const file = await fromBufferPromise(zip, { decodeStrings: false });
    if (file.entryCount > limits.entries)
      throw new SkillError(
        "OC1204",
        `the zip has more than ${limits.entries} entries. Remove what the skill does not need`,
      );
    const entries: ZipEntry[] = [];
    const extents: Extent[] = [];
    for await (const entry of file.eachEntry()) {
      const path = getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, true);
      // Of a name that is not in UTF-8 they are decoded as other characters.
      if (entry.fileNameRaw.some(isControl)) throw pathRefused(path, "it has a control character");
      const header = await file.readLocalFileHeaderPromise(entry);
      if (!header.fileName.equals(entry.fileNameRaw) || header.compressionMethod !== entry.compressionMethod)
        throw broken(`the two headers of ${quoted(path)} differ`);
      const end = header.fileDataStart + entry.compressedSize;
      extents.push(extentOf(entry, end));
      entries.push(zipEntry(path, entry, zip.subarray(header.fileDataStart, end)));
    }
    assertTiled(extents, zip, endRecord);
    return entries;
  } catch (error) {
    throw error instanceof SkillError ? error : broken("its directory, or the header of an entry, cannot be read");
  }
}

function zipEntry(path: string, entry: Entry, data: Buffer): ZipEntry {
  const mode = entry.externalFileAttributes >>> 16; // as on Unix; 0 where the zip was made elsewhere
  const isFolder = path.endsWith("/");
  const refused = (what: string) => new SkillError("OC1208", `${quoted(path)} is ${what}. Create the zip without it`);
  if (entry.isEncrypted()) throw refused("encrypted");
  const type = mode & 0o170000;
  if (type === 0o120000) throw refused("a symbolic link");
  if (type !== 0 && type !== (isFolder ? 0o040000 : 0o100000)) throw refused("neither a file nor a folder");
  if (isFolder && (entry.uncompressedSize > 0 || !(data.length === 0 || data.equals(emptyDeflated))))
    throw refused("a folder with data");
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8)
    throw refused(`compressed by method ${entry.compressionMethod}, which is neither stored nor deflated`);
  return {
    path,
    isFolder,
    executable: (mode & 0o111) !== 0,
    isDeflated: entry.compressionMethod === 8,
    size: entry.uncompressedSize,
    crc32: entry.crc32,
    data,
  };
}

function extentOf(entry: Entry, end: number): Extent {
  return {
    start: entry.relativeOffsetOfLocalHeader,
    end,
    hasDescriptor: (entry.generalPurposeBitFlag & 0x0008) !== 0,
    directoryBytes: 46 + entry.fileNameLength + entry.extraFieldLength + entry.fileCommentLength,
  };
}

function isControl(byte: number): boolean {
  return byte < 0x20 || byte === 0x7f;
}
