import { SkillError } from "./skill-error";

/** The place of an entry in a zip. */
export interface Extent {
  /** Of its local header. */
  start: number;
  /** Of its data. */
  end: number;
  /** Whether a data descriptor is after its data: the sizes and checksum, from a program that did not know them before. */
  hasDescriptor: boolean;
  /** What it takes in the directory. */
  directoryBytes: number;
}

const endSignature = Buffer.from("PK\x05\x06", "latin1");
const endRecordBytes = 22;

/** With or without a signature, and with sizes of 4 or 8 bytes: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3.9 */
const descriptorBytes: readonly number[] = [12, 16, 20, 24];

/**
 * Finds the end of a zip's directory, and asserts that nothing is before or after the whole zip.
 * @throws SkillError
 */
export function endRecordOf(zip: Buffer): number {
  const endRecord = zip.lastIndexOf(endSignature);
  const hasEnd = endRecord >= 0 && endRecord + endRecordBytes <= zip.length;
  const surplus = hasEnd ? zip.length - endRecord - endRecordBytes - zip.readUInt16LE(endRecord + 20) : -1;
  if (surplus < 0) throw broken("the data is no zip, or is cut off");
  if (surplus > 0 || directoryStart(zip, endRecord) + directorySize(zip, endRecord) !== endRecord) throw notAlone();
  return endRecord;
}

/**
 * Asserts that a zip is one archive and nothing else: its entries one after another from the first byte, then their
 * directory, then its end. Otherwise programs differ in what they find in it, entries can share their data and so expand
 * without bounds (https://www.bamsoftware.com/hacks/zipbomb/), and other content can hide in it.
 * @throws SkillError
 */
export function assertTiled(extents: readonly Extent[], zip: Buffer, endRecord: number): void {
  const listedBytes = extents.reduce((sum, extent) => sum + extent.directoryBytes, 0);
  const inOrder = [...extents].sort((one, other) => one.start - other.start);
  const starts = [...inOrder.map(({ start }) => start), directoryStart(zip, endRecord)];
  const isTiled = starts.every((start, index) => isNext(start, inOrder[index - 1]));
  if (listedBytes !== directorySize(zip, endRecord) || !isTiled) throw notAlone();
}

function isNext(start: number, before: Extent | undefined): boolean {
  if (before === undefined) return start === 0;
  const between = start - before.end;
  return before.hasDescriptor ? descriptorBytes.includes(between) : between === 0;
}

function directorySize(zip: Buffer, endRecord: number): number {
  return zip.readUInt32LE(endRecord + 12);
}

function directoryStart(zip: Buffer, endRecord: number): number {
  return zip.readUInt32LE(endRecord + 16);
}

function notAlone(): SkillError {
  return new SkillError("OC1209", "the zip has overlapping entries, or data besides its entries. Create it again");
}

export function broken(why: string): SkillError {
  return new SkillError("OC1207", `the zip is broken: ${why}. Create it again`);
}
