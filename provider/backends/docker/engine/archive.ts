import { packTar, type TarHeader } from "modern-tar";

type Entry = Pick<TarHeader, "name" | "type" | "mode" | "uid" | "gid">;

/**
 * A tar archive of files by their paths: owned by root, readable by everybody.
 * @param entries entries without content, such as folders and FIFOs
 */
export async function archiveOf(
  files: Iterable<[path: string, content: string | Buffer]>,
  entries: readonly Entry[] = [],
): Promise<Buffer> {
  const empty = entries.map((header) => ({ header: { ...header, size: 0 } }));
  const full = Array.from(files, ([name, content]) => {
    const body = Buffer.from(content);
    return { header: { name, size: body.length, mode: 0o444 }, body };
  });
  const archive = await packTar([...empty, ...full]);
  return Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength);
}
