import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { type Header, pack } from "tar-stream";

type Place = Pick<Header, "name" | "type" | "mode" | "uid" | "gid">;

/**
 * Files by their paths, as an engine takes them: root's, and everybody's to read.
 * @param places what has no content, as folders and FIFOs
 */
export function archiveOf(
  files: Iterable<[path: string, content: string | Buffer]>,
  places: readonly Place[] = [],
): Promise<Buffer> {
  const archive = pack();
  for (const place of places) archive.entry(place);
  for (const [name, content] of files) archive.entry({ name, mode: 0o444 }, content);
  archive.finalize();
  return buffer(Readable.from(archive));
}
