import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pack } from "tar-stream";

/** Files by their paths, as an engine takes them: root's, and everybody's to read. */
export function archiveOf(files: Iterable<[path: string, content: string | Buffer]>): Promise<Buffer> {
  const archive = pack();
  for (const [name, content] of files) archive.entry({ name, mode: 0o444 }, content);
  archive.finalize();
  return buffer(Readable.from(archive));
}
