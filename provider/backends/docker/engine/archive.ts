import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { type Header, pack } from "tar-stream";

type Entry = Pick<Header, "name" | "type" | "mode" | "uid" | "gid">;

/**
 * A tar archive of files by their paths: owned by root, readable by everybody.
 * @param entries entries without content, such as folders and FIFOs
 */
export function archiveOf(
  files: Iterable<[path: string, content: string | Buffer]>,
  entries: readonly Entry[] = [],
): Promise<Buffer> {
  const archive = pack();
  for (const entry of entries) archive.entry(entry);
  for (const [name, content] of files) archive.entry({ name, mode: 0o444 }, content);
  archive.finalize();
  return buffer(Readable.from(archive));
}
