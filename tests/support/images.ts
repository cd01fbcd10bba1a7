import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import type Docker from "dockerode";
import { pack } from "tar-stream";

/**
 * Imports an image with just these files, executable.
 * @param links more names of the first of them
 */
export async function imageOf(
  client: Docker,
  name: string,
  files: Record<string, string | Buffer>,
  links: readonly string[] = [],
): Promise<string> {
  const archive = pack();
  for (const [path, content] of Object.entries(files)) archive.entry({ name: path, mode: 0o755 }, content);
  const linkname = `/${Object.keys(files)[0] ?? ""}`;
  for (const link of links) archive.entry({ name: link, type: "symlink", linkname });
  archive.finalize();
  const answer: unknown = await client.importImage(Readable.from(archive), { repo: name });
  if (!(answer instanceof Readable)) throw new Error("the engine gave no answer");
  await text(answer);
  return name;
}
