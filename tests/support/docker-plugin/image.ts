import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { isDeepStrictEqual } from "node:util";
import { packTar } from "modern-tar";
import { z } from "zod";
import type { Resource } from "./resource";

const inputsOf = z.looseObject({
  imageName: z.string(),
  skipPush: z.literal(true),
  build: z.looseObject({ context: z.string(), dockerfile: z.string(), platform: z.string() }),
});
const buildEvent = z.looseObject({ error: z.string().optional(), stream: z.string().optional() });

/** `Image`: one that the engine builds and nobody pushes. Like the plugin, it does not notice that an image is removed. */
export const image: Resource = {
  check: (news) => {
    const inputs = inputsOf.safeParse(news);
    if (!inputs.success) return news; // a part of it is unknown
    const { context, dockerfile } = inputs.data.build;
    return { ...news, build: { ...inputs.data.build, contextDigest: digestOf(context, dockerfile) } };
  },
  diff: (olds, news) => ({ changes: !isDeepStrictEqual(olds, news), replaces: [] }),
  create: async (inputs, { client }) => {
    const { imageName, build } = inputsOf.parse(inputs);
    // In the archive the Dockerfile has a name that no file of the context has.
    const dockerfile = ".sandbox.Dockerfile";
    const files = [
      { path: dockerfile, content: readFileSync(build.dockerfile), mode: 0o644 },
      ...filesIn(build.context),
    ];
    const archive = await packTar(
      files.map(({ path, content, mode }) => ({ header: { name: path, size: content.length, mode }, body: content })),
    );
    const { platform } = build;
    const events = await client.buildImage(Readable.from([archive]), {
      t: imageName,
      dockerfile,
      platform,
      forcerm: true,
    });
    const log = await new Promise<unknown[]>((resolve, reject) => {
      client.modem.followProgress(events, (error, all) => (error ? reject(error) : resolve(all)));
    });
    const lines = z.array(buildEvent).parse(log);
    const failed = lines.find(({ error }) => error !== undefined);
    if (failed) throw new Error(`${lines.map(({ stream = "" }) => stream).join("")}${failed.error}`);
    const { Id } = await client.getImage(imageName).inspect();
    return { id: imageName, outputs: { imageName, baseImageName: imageName, platform, repoDigest: Id } };
  },
  read: async (_, outputs) => outputs,
  delete: async () => {},
};

function digestOf(context: string, dockerfile: string): string {
  const hash = createHash("sha256").update(readFileSync(dockerfile));
  for (const { path, content, mode } of filesIn(context)) hash.update(`${path} ${mode}\n`).update(content);
  return hash.digest("hex");
}

function filesIn(folder: string, prefix = ""): { path: string; content: Buffer; mode: number }[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const file = join(folder, name);
      const stats = statSync(file);
      if (stats.isDirectory()) return filesIn(file, `${prefix}${name}/`);
      return [{ path: `${prefix}${name}`, content: readFileSync(file), mode: stats.mode & 0o777 }];
    });
}
