import { createHash, randomBytes } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { archiveOf } from "../../provider/backends/docker/engine/archive";

const pieces = 8;

/**
 * An image registry on loopback with one image of some megabytes, which it sends slowly: the read side of the OCI
 * distribution specification. Engines pull from loopback without TLS.
 */
export async function slowRegistry(repository: string): Promise<{ image: string; pulls(): number; stop(): void }> {
  const layer = await layerOf(repository, 4 * 2 ** 20);
  const config = Buffer.from(
    JSON.stringify({
      architecture: process.arch === "x64" ? "amd64" : process.arch,
      os: "linux",
      config: {},
      rootfs: { type: "layers", diff_ids: [digest(layer.tar)] },
    }),
  );
  const manifestType = "application/vnd.docker.distribution.manifest.v2+json";
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: manifestType,
      config: {
        mediaType: "application/vnd.docker.container.image.v1+json",
        size: config.length,
        digest: digest(config),
      },
      layers: [
        {
          mediaType: "application/vnd.docker.image.rootfs.diff.tar.gzip",
          size: layer.gzip.length,
          digest: digest(layer.gzip),
        },
      ],
    }),
  );
  let pulls = 0;
  const server = createServer(async ({ url = "", method }, answer) => {
    const blob = [config, layer.gzip].find((each) => url.endsWith(digest(each)));
    if (blob) return sendSlowly(blob, answer);
    if (url.includes("/manifests/")) {
      if (method === "GET") pulls += 1;
      const headers = { "content-type": manifestType, "docker-content-digest": digest(manifest) };
      answer.writeHead(200, { ...headers, "content-length": manifest.length });
      return answer.end(method === "HEAD" ? undefined : manifest);
    }
    return answer.writeHead(url === "/v2/" ? 200 : 404).end();
  });
  server.unref();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return { image: `127.0.0.1:${port}/${repository}`, pulls: () => pulls, stop: () => server.close() };
}

async function sendSlowly(blob: Buffer, answer: ServerResponse): Promise<void> {
  answer.writeHead(200, { "content-length": blob.length });
  const step = Math.ceil(blob.length / pieces);
  for (let at = 0; at < blob.length; at += step) {
    answer.write(blob.subarray(at, at + step));
    await sleep(100);
  }
  answer.end();
}

/** Random bytes, which cannot be compressed. */
async function layerOf(name: string, size: number): Promise<{ tar: Buffer; gzip: Buffer }> {
  const tar = await archiveOf([[name, randomBytes(size)]]);
  return { tar, gzip: gzipSync(tar) };
}

function digest(content: Buffer): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}
