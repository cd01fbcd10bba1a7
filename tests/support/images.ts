import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import type Docker from "dockerode";
import { packTar } from "modern-tar";

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
  const programs = Object.entries(files).map(([path, content]) => ({
    header: { name: path, size: Buffer.byteLength(content), mode: 0o755 },
    body: content,
  }));
  const linkname = `/${Object.keys(files)[0] ?? ""}`;
  const symlinks = links.map((link) => ({ header: { name: link, size: 0, type: "symlink" as const, linkname } }));
  const archive = await packTar([...programs, ...symlinks]);
  const answer: unknown = await client.importImage(Readable.from([archive]), { repo: name });
  if (!(answer instanceof Readable)) throw new Error("the engine sent no response");
  await text(answer);
  return name;
}
