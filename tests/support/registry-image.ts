import { createHash, randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { archiveOf } from "../../provider/backends/docker/engine/archive";

const manifestType = "application/vnd.docker.distribution.manifest.v2+json";
const listType = "application/vnd.docker.distribution.manifest.list.v2+json";

/** The contents of a registry with one image. */
export interface RegistryImage {
  /** What a tag is resolved to. */
  readonly top: Manifest;
  readonly manifests: readonly Manifest[];
  readonly blobs: ReadonlyMap<string, Buffer>;
}

export interface Manifest {
  readonly type: string;
  readonly body: Buffer;
  readonly digest: string;
}

export const ownArchitecture = process.arch === "x64" ? "amd64" : process.arch;

/**
 * An image with one layer.
 * @param bytes the size of the layer, which cannot be compressed
 * @param architecture the image's, as Go names it
 * @param isListed whether the tag stands for a list of one image for each processor, of which there is this one
 */
export async function registryImage(bytes: number, architecture: string, isListed: boolean): Promise<RegistryImage> {
  const tar = await archiveOf([["file", randomBytes(bytes)]]);
  const layer = gzipSync(tar);
  const config = json({ architecture, os: "linux", config: {}, rootfs: { type: "layers", diff_ids: [digestOf(tar)] } });
  const image = manifestOf(manifestType, {
    config: { mediaType: "application/vnd.docker.container.image.v1+json", ...described(config) },
    layers: [{ mediaType: "application/vnd.docker.image.rootfs.diff.tar.gzip", ...described(layer) }],
  });
  const entry = { mediaType: manifestType, ...described(image.body), platform: { architecture, os: "linux" } };
  const manifests = isListed ? [manifestOf(listType, { manifests: [entry] }), image] : [image];
  return {
    top: manifests[0] ?? image,
    manifests,
    blobs: new Map([config, layer].map((blob) => [digestOf(blob), blob])),
  };
}

function manifestOf(mediaType: string, content: object): Manifest {
  const body = json({ schemaVersion: 2, mediaType, ...content });
  return { type: mediaType, body, digest: digestOf(body) };
}

function described(content: Buffer): { size: number; digest: string } {
  return { size: content.length, digest: digestOf(content) };
}

function json(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function digestOf(content: Buffer): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}
