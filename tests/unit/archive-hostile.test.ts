import assert from "node:assert/strict";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { listSkillArchive, readSkillArchive } from "../../provider/skills/skill-archive";
import { SkillError } from "../../provider/skills/skill-error";
import { processorTime } from "../support/processor-time";
import { type RawArchive, type RawEntry, rawZip } from "../support/skills/raw-zip";
import { manifest } from "../support/skills/skill-folder";

const skill: RawEntry = { name: "report/SKILL.md", content: manifest };
const subfolder: RawEntry = { name: "report/d/", mode: 0o040755 };

/** A skill and these entries. */
const and = (...entries: RawEntry[]) => rawZip([skill, ...entries]);
const around = (archive: RawArchive) => rawZip([skill], archive);
const mebibyte = 2 ** 20;

type Case = [what: string, zip: Buffer, code: string, ...parts: string[]];

const refusedByDirectory: Case[] = [
  ["whose entry climbs out of the folder", and({ name: "report/../../evil" }), "OC1205", '"report/../../evil"', '".."'],
  ["whose entry climbs out at once", and({ name: "../evil" }), "OC1205", '"../evil"'],
  ["whose entry has an absolute path", and({ name: "/etc/passwd" }), "OC1205", '"/etc/passwd"', "absolute"],
  ["whose entry has a drive letter", and({ name: "C:/evil" }), "OC1205", '"C:/evil"', "absolute"],
  ["whose entry has backslashes", and({ name: "report\\..\\evil" }), "OC1205", "a backslash"],
  ["whose entry has a part that is a dot", and({ name: "report/./a" }), "OC1205", '"report/./a"'],
  ["whose entry has an empty part", and({ name: "report//a" }), "OC1205", '"report//a"', "an empty part"],
  ["whose entry has no name", and({ name: "" }), "OC1205", "an empty part"],
  ["whose entry has NUL in its name", and({ name: "report/a\0.txt" }), "OC1205", "\\u0000", "a control character"],
  ["whose entry has an escape sequence in its name", and({ name: "report/\x1b[2J" }), "OC1205", "\\u001b"],
  ["with a line feed in a name of another encoding", and({ name: "report/a\nb", flags: 0 }), "OC1205", "a control"],
  [
    "with ESC in a name of another encoding",
    and({ name: "report/\x1b[2J", flags: 0 }),
    "OC1205",
    "a control character",
  ],
  ["with DEL in a name of another encoding", and({ name: "report/\x7f", flags: 0 }), "OC1205", "a control character"],
  ["with a name that is not in UTF-8", and({ name: Buffer.from("report/\xff", "latin1") }), "OC1205", "not in UTF-8"],
  ["whose entry's name has 256 bytes", and({ name: `report/${"é".repeat(128)}` }), "OC1205", "more than 255 bytes"],
  ["whose entry's path has 60,000 bytes", and({ name: `report/${"a/".repeat(30_000)}b` }), "OC1205", "too long"],
  ["with a symbolic link", and({ name: "report/l", content: "/etc", mode: 0o120777 }), "OC1208", '"report/l"', "link"],
  ["with a device", and({ name: "report/d", mode: 0o020666 }), "OC1208", '"report/d"', "neither a file nor a folder"],
  ["with a FIFO", and({ name: "report/f", mode: 0o010666 }), "OC1208", '"report/f"'],
  ["with a folder that has a file's name", and({ name: "report/d", mode: 0o040755 }), "OC1208", '"report/d"'],
  ["with an encrypted entry", and({ name: "report/a", flags: 0x801 }), "OC1208", '"report/a"', "encrypted"],
  ["with an entry of strong encryption", and({ name: "report/a", flags: 0x841 }), "OC1207", "cannot be read"],
  ["with an entry of an unknown method", and({ name: "report/a", method: 99 }), "OC1208", '"report/a"', "method 99"],
  ["with an LZMA entry", and({ name: "report/a", method: 14 }), "OC1208", '"report/a"', "method 14"],
  ["with one entry twice", and({ name: "report/a" }, { name: "report/a" }), "OC1206", '"a" is there twice'],
  ["with names that differ in case", and({ name: "report/A" }, { name: "report/a" }), "OC1206", '"A" and "a"'],
  ["with folders that differ in case", and({ name: "report/D/a" }, { name: "report/d/b" }), "OC1206", '"D" and "d"'],
  [
    "with names that differ in how an accent is written",
    and({ name: "report/\u00e9" }, { name: "report/e\u0301" }),
    "OC1206",
  ],
  [
    "with a file that is a folder too",
    and({ name: "report/a" }, { name: "report/a/b" }),
    "OC1206",
    '"a" is there twice',
  ],
  [
    "with a folder that is a file too",
    and({ name: "report/a/b" }, { name: "report/a" }),
    "OC1206",
    '"a" is there twice',
  ],
  ["without SKILL.md", rawZip([{ name: "report/README.md" }]), "OC1203", "no SKILL.md"],
  ["with SKILL.md in a lower folder only", rawZip([{ name: "report/docs/SKILL.md" }]), "OC1203", "no SKILL.md"],
  ["with a second SKILL.md below", and({ name: "report/docs/skill.md" }), "OC1203", '"SKILL.md" and "docs/skill.md"'],
  ["with two top-level folders", and({ name: "__MACOSX/._SKILL.md" }), "OC1210", '"report" and "__MACOSX"'],
  ["with a file beside the folder", and({ name: "README.md" }), "OC1210", '"README.md" is not in a folder'],
  ["without entries", rawZip([]), "OC1210", "empty"],
  ["with 501 files", rawZip(many(501)), "OC1204", "more than 500 files"],
  ["with 1,001 entries", rawZip(many(1001)), "OC1204", "more than 1000 entries"],
  ["whose directory claims 65,535 entries", around({ count: 65_535 }), "OC1204", "more than 1000 entries"],
  ["whose directory claims an entry more", around({ count: 2 }), "OC1207", "its directory, or the header of an entry"],
  ["whose directory hides an entry", rawZip([skill, { name: "report/a" }], { count: 1 }), "OC1209"],
  [
    "whose directory hides an entry without data",
    rawZip([skill, { name: "report/a", localName: "report/SKILL.md", offset: 0 }], { count: 1 }),
    "OC1209",
  ],
  [
    "whose entry has the directory for data",
    and({ name: "report/a", method: 0, size: 20, compressedSize: 20 }),
    "OC1209",
  ],
  ["with a file above 25 MB", and({ name: "report/a", size: 25 * mebibyte + 1 }), "OC1204", '"a" has 26 MB'],
  [
    "with files above 250 MB in all",
    and(...many(11).map((entry) => ({ ...entry, name: `report/x${String(entry.name)}`, size: 25 * mebibyte }))),
    "OC1204",
    "276 MB in all",
  ],
  ["that expands 1,000 times", and({ name: "report/a", content: Buffer.alloc(11 * mebibyte) }), "OC1204", "200 times"],
  ["above 50 MB", Buffer.alloc(50 * mebibyte + 1), "OC1204", "the zip has 51 MB"],
  ["after a script", around({ before: Buffer.from("#!/bin/sh\n") }), "OC1209", "data besides its entries"],
  ["before other data", around({ after: Buffer.from("%PDF-1.7") }), "OC1209", "data besides its entries"],
  ["before 100 kB of other data", around({ after: Buffer.alloc(100_000) }), "OC1209", "data besides its entries"],
  ["after a script, whose length it does not count", script(), "OC1209", "data besides its entries"],
  ["with a byte between its entries and its directory", around({ between: Buffer.alloc(1) }), "OC1209"],
  ["with what is as long as a data descriptor", around({ between: Buffer.alloc(16) }), "OC1209"],
  ["with 13 bytes for a data descriptor", described(13), "OC1209"],
  ["without its data descriptor", described(0), "OC1209"],
  ["with a folder's data", and({ ...subfolder, method: 0, content: "a" }), "OC1208", '"report/d/"', "with data"],
  ["with a folder's deflated data", and({ ...subfolder, content: "a" }), "OC1208", "a folder with data"],
  ["with a folder's hidden data", and({ ...subfolder, content: "a", size: 0 }), "OC1208", "a folder with data"],
  ["around other data", around({ between: Buffer.alloc(25) }), "OC1209", "data besides its entries"],
  ["with entries that share their data", overlapping(), "OC1209", "overlapping entries"],
  [
    "whose two names of an entry differ",
    and({ name: "report/a", localName: "report/b" }),
    "OC1207",
    'the two headers of "report/a" differ',
  ],
  ["with an entry outside of it", and({ name: "report/a", offset: 1e9 }), "OC1207"],
  [
    "with data outside of it",
    and({ name: "report/a", method: 0, size: 1e6, compressedSize: 1e6 }),
    "OC1207",
    "header of an entry",
  ],
  ["with sizes for ZIP64 that are missing", and({ name: "report/a", compressedSize: 0xffffffff }), "OC1207"],
  ["of the other ZIP64 format", zip64(), "OC1209"],
  ["that is no zip", Buffer.from("PDF"), "OC1207", "the data is no zip, or is cut off. Create it again"],
  ["that is a gzip file", Buffer.from("1f8b0800000000000003", "hex"), "OC1207"],
  ["without bytes", Buffer.alloc(0), "OC1207"],
];

const refusedByContent: Case[] = [
  [
    "with data after the end of a deflated file",
    and({ name: "report/a", deflated: Buffer.concat([deflateRawSync("a"), Buffer.from("b")]), content: "a" }),
    "OC1207",
    'other data after the content of "report/a"',
  ],
  ["whose file is larger than it says", and({ name: "report/a", content: "aaaa", size: 3 }), "OC1207", '"report/a"'],
  ["whose file is smaller than it says", and({ name: "report/a", content: "aaaa", size: 5 }), "OC1207", '"report/a"'],
  ["whose file says that it is empty", and({ name: "report/a", content: "aaaa", size: 0 }), "OC1207", '"report/a"'],
  ["whose file has another checksum", and({ name: "report/a", content: "a", crc: 1 }), "OC1207", '"report/a"'],
  [
    "whose bomb says that it is small",
    and({ name: "report/a", content: Buffer.alloc(100 * mebibyte), size: 1 }),
    "OC1207",
    '"report/a"',
  ],
];

/** With the flag for a data descriptor, and so many bytes in its place. */
function described(bytes: number): Buffer {
  return rawZip([{ ...skill, flags: 0x808 }], { between: Buffer.alloc(bytes) });
}

/** After bytes that none of its offsets counts, as `cat` makes it. */
function script(): Buffer {
  return Buffer.concat([Buffer.from("#!/bin/sh\n"), rawZip([skill])]);
}

function many(count: number): RawEntry[] {
  return Array.from({ length: count }, (_, index) => (index === 0 ? skill : { name: `report/${index}` }));
}

/** An entry with another one in its data, as in zips that expand without bounds. */
function overlapping(): Buffer {
  const inner: RawEntry = { name: "report/inner", content: "a" };
  const whole = rawZip([inner]);
  const outer: RawEntry = { name: "report/outer", method: 0, content: whole.subarray(0, directoryOf(whole)) };
  const start = directoryOf(rawZip([skill])) + 30 + String(outer.name).length;
  return and(outer, { ...inner, offset: start });
}

/** Where the entries end. */
function directoryOf(zip: Buffer): number {
  return zip.readUInt32LE(zip.length - 6);
}

/** With its directory's end in the format for more than 65,535 entries, which says something else. */
function zip64(): Buffer {
  const zip = rawZip([skill]);
  const end = zip.subarray(-22);
  const record = Buffer.alloc(56);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeUInt32LE(1, 32);
  record.writeUInt32LE(end.readUInt32LE(16), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeUInt32LE(zip.length - 22, 8);
  return Buffer.concat([zip.subarray(0, -22), record, locator, end]);
}

async function failure(reading: Promise<unknown>): Promise<SkillError> {
  const error = await reading.then(
    () => assert.fail("it was accepted"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof SkillError, String(error));
  return error;
}

function assertSays({ code, message }: SkillError, expected: string, parts: readonly string[]): void {
  assert.equal(code, expected, message);
  for (const part of parts) assert.ok(message.includes(part), `${message} lacks ${part}`);
  assert.match(message, /^OC12\d\d: [^\p{Cc}]+$/u);
  assert.ok(message.length < 2000, message);
}

describe("a skill's zip", () => {
  it("is read where nothing is wrong with it, with its comment", async () => {
    const zip = rawZip(
      [{ name: "report/", mode: 0o040755, method: 0 }, skill, { name: "report/run", mode: 0o100755 }],
      {
        comment: "made by hand",
      },
    );
    assert.deepEqual(await readSkillArchive(zip), {
      name: "report",
      files: [
        { path: "SKILL.md", executable: false, bytes: Buffer.from(manifest) },
        { path: "run", executable: true, bytes: Buffer.alloc(0) },
      ],
    });
  });

  for (const bytes of [12, 16, 20, 24])
    it(`may have data descriptors, of ${bytes} bytes`, async () => {
      assert.equal((await readSkillArchive(described(bytes))).name, "report");
    });

  it("may have a folder as Java's jar writes it, which is deflated", async () => {
    assert.equal((await readSkillArchive(and(subfolder))).files.length, 1);
  });

  for (const [what, zip, code, ...parts] of refusedByDirectory)
    it(`is refused by its directory alone ${what}`, async () => {
      assertSays(await failure(listSkillArchive(zip)), code, parts);
      assertSays(await failure(readSkillArchive(zip)), code, parts);
    });

  for (const [what, zip, code, ...parts] of refusedByContent)
    it(`is refused ${what}`, async () => {
      await listSkillArchive(zip);
      assertSays(await failure(readSkillArchive(zip)), code, parts);
    });

  it("is refused in less time than its bomb takes to expand", async () => {
    const content = Buffer.alloc(100 * mebibyte);
    const bomb = and({ name: "report/a", content, size: 1 });
    const data = deflateRawSync(content);
    const expanding = await processorTime(() => inflateRawSync(data));
    const refusing = await processorTime(() => failure(readSkillArchive(bomb)));
    assert.ok(refusing < expanding / 3, `${refusing} ms, ${expanding} ms`);
  });

  it("is refused wherever it is cut off", async () => {
    const zip = and({ name: "report/a", content: "text" });
    for (let length = 0; length < zip.length; length += 1) await failure(readSkillArchive(zip.subarray(0, length)));
  });
});
