import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import type Docker from "dockerode";
import { pack } from "tar-stream";

/** Hands the engine an image with just these files, executable. */
export async function imageOf(client: Docker, name: string, files: Record<string, string>): Promise<string> {
  const archive = pack();
  for (const [path, content] of Object.entries(files)) archive.entry({ name: path, mode: 0o755 }, content);
  archive.finalize();
  const answer: unknown = await client.importImage(Readable.from(archive), { repo: name });
  if (!(answer instanceof Readable)) throw new Error("the engine gave no answer");
  await text(answer);
  return name;
}
