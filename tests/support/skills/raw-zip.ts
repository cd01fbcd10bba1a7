import { crc32, deflateRawSync } from "node:zlib";

/** An entry of a zip, of which each field may be a lie. */
export interface RawEntry {
  name: string | Buffer;
  content?: string | Buffer;
  /** What stands for the deflated content. */
  deflated?: Buffer;
  /** 8, deflated, unless it is set. */
  method?: number;
  flags?: number;
  /** As on Unix, its type too. */
  mode?: number;
  /** In place of the true ones. */
  localName?: string;
  size?: number;
  compressedSize?: number;
  crc?: number;
  /** Where the directory says that it begins; it is in the directory only then. */
  offset?: number;
}

/** What stands besides the entries, or is said of them. */
export interface RawArchive {
  before?: Buffer;
  between?: Buffer;
  after?: Buffer;
  count?: number;
  comment?: string;
}

/** A zip as a hostile program would write it, byte by byte. */
export function rawZip(entries: readonly RawEntry[], archive: RawArchive = {}): Buffer {
  const parts: Buffer[] = [archive.before ?? Buffer.alloc(0)];
  const directory: Buffer[] = [];
  const at = () => parts.reduce((sum, { length }) => sum + length, 0);
  for (const entry of entries) {
    const { header, data, record } = encoded(entry, entry.offset ?? at());
    if (entry.offset === undefined) parts.push(header, data);
    directory.push(record);
  }
  parts.push(archive.between ?? Buffer.alloc(0));
  const records = Buffer.concat(directory);
  const comment = Buffer.from(archive.comment ?? "");
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(archive.count ?? entries.length, 8);
  end.writeUInt16LE(archive.count ?? entries.length, 10);
  end.writeUInt32LE(records.length, 12);
  end.writeUInt32LE(at(), 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...parts, records, end, comment, archive.after ?? Buffer.alloc(0)]);
}

function encoded(entry: RawEntry, offset: number): { header: Buffer; data: Buffer; record: Buffer } {
  const { method = 8, flags = 0x800, mode = 0o100644 } = entry;
  const content = Buffer.from(entry.content ?? "");
  const data = method === 8 ? (entry.deflated ?? deflateRawSync(content)) : content;
  const name = Buffer.from(entry.name);
  const localName = Buffer.from(entry.localName ?? entry.name);
  // What both headers have, from the flags to the length of the name.
  const common = (nameBytes: number) => {
    const fields = Buffer.alloc(24);
    fields.writeUInt16LE(flags, 0);
    fields.writeUInt16LE(method, 2);
    fields.writeUInt32LE(entry.crc ?? crc32(content), 8);
    fields.writeUInt32LE(entry.compressedSize ?? data.length, 12);
    fields.writeUInt32LE(entry.size ?? content.length, 16);
    fields.writeUInt16LE(nameBytes, 20);
    return fields;
  };
  const header = Buffer.concat([Buffer.from("PK\x03\x04\x14\0", "latin1"), common(localName.length), localName]);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE((mode << 16) >>> 0, 6);
  rest.writeUInt32LE(offset, 10);
  const record = Buffer.concat([Buffer.from("PK\x01\x02\x14\x03\x14\0", "latin1"), common(name.length), rest, name]);
  return { header, data, record };
}
