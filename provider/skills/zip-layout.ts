import { SkillError } from "./skill-error";

/** The place of an entry in a zip. */
export interface Extent {
  /** Of its local header. */
  start: number;
  /** Of its data. */
  end: number;
  /** What it takes in the directory. */
  directoryBytes: number;
}

const endRecordBytes = 22;
const largestDescriptorBytes = 24; // what may follow an entry's data

/**
 * Asserts that a zip is one archive and nothing else: its entries one after another from the first byte, then their
 * directory, then its end. Otherwise programs differ in what they find in it, entries can share their data and so expand
 * without bounds (https://www.bamsoftware.com/hacks/zipbomb/), and other content can hide in it.
 * @throws SkillError
 */
export function assertTiled(extents: readonly Extent[], zip: Buffer, commentBytes: number): void {
  const endRecord = zip.length - endRecordBytes - commentBytes;
  const directoryBytes = zip.readUInt32LE(endRecord + 12);
  const directory = zip.readUInt32LE(endRecord + 16);
  const listedBytes = extents.reduce((sum, extent) => sum + extent.directoryBytes, 0);
  const isWhole = listedBytes === directoryBytes && directory + directoryBytes === endRecord;

  const inOrder = [...extents].sort((one, other) => one.start - other.start);
  const starts = [...inOrder.map(({ start }) => start), directory];
  const isAdjacent = starts.every((start, index) => {
    const end = inOrder[index - 1]?.end;
    return end === undefined ? start === 0 : start >= end && start <= end + largestDescriptorBytes;
  });
  if (!isWhole || !isAdjacent)
    throw new SkillError("OC1209", "the zip has overlapping entries, or data besides its entries. Create it again");
}
