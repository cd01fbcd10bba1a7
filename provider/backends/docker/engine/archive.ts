import { Readable } from "node:stream";
import { createTarPacker, packTar, type TarHeader, type TarPackController } from "modern-tar";

type Header = Pick<TarHeader, "name" | "type" | "mode" | "uid" | "gid">;

/**
 * A tar archive of files by their paths: owned by root, readable by everybody.
 * @param entries entries without content, such as folders and FIFOs
 */
export async function archiveOf(
  files: Iterable<[path: string, content: string | Buffer]>,
  entries: readonly Header[] = [],
): Promise<Buffer> {
  const empty = entries.map((header) => ({ header: { ...header, size: 0 } }));
  const full = Array.from(files, ([name, content]) => {
    const body = Buffer.from(content);
    return { header: { name, size: body.length, mode: 0o444 }, body };
  });
  const archive = await packTar([...empty, ...full]);
  return Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength);
}

const sentAtOnce = 1 << 16; // bytes

/** An entry of a streamed archive. */
export interface StreamedEntry extends Header {
  /** In bytes; none for an entry without content. */
  size?: number;
  /** Pieces of the content, which together have that size. */
  content?: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

/**
 * A tar archive that is packed while it is read. An error of the entries is the stream's, and a stream that is destroyed stops
 * reading them.
 * @param onSent takes the size of each piece that is read
 */
export function archiveStream(
  entries: Iterable<StreamedEntry> | AsyncIterable<StreamedEntry>,
  onSent: (bytes: number) => void,
): Readable {
  return Readable.from(packed(entries, onSent), { objectMode: false });
}

/** Small pieces are joined, as the client sends each by itself. */
async function* packed(
  entries: Iterable<StreamedEntry> | AsyncIterable<StreamedEntry>,
  onSent: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  const { readable, controller } = createTarPacker();
  pack(entries, controller).catch((error: unknown) => controller.error(error));
  let held: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of readable) {
    held.push(piece);
    bytes += piece.length;
    if (bytes < sentAtOnce) continue;
    yield Buffer.concat(held);
    onSent(bytes);
    [held, bytes] = [[], 0];
  }
  yield Buffer.concat(held);
  onSent(bytes);
}

async function pack(
  entries: Iterable<StreamedEntry> | AsyncIterable<StreamedEntry>,
  controller: TarPackController,
): Promise<void> {
  for await (const { content = [], size = 0, ...header } of entries) {
    const body = controller.add({ ...header, size }).getWriter();
    for await (const piece of content) await body.write(piece);
    await body.close();
  }
  controller.finalize();
}
