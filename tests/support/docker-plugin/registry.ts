import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { gzipSync } from "node:zlib";
import { archiveOf } from "../../../provider/backends/docker/engine/archive";

const manifestType = "application/vnd.docker.distribution.manifest.v2+json";

/** A registry on loopback with a login and one repository, whose tag `1` can move to another image. */
export class MovingRegistry {
  readonly username = "reader";
  readonly password = "a-password-to-be-seen-nowhere";
  /** How often the digest of a tag was asked for; an engine does not ask for one, as it pulls by digest. */
  lookUps = 0;
  private readonly contents = new Map<string, Buffer>();
  private tagged = "";
  private readonly server = createServer(({ url = "", method = "", headers }, answer) => {
    const login = `Basic ${Buffer.from(`${this.username}:${this.password}`).toString("base64")}`;
    if (headers.authorization !== login) {
      return answer.writeHead(401, { "www-authenticate": 'Basic realm="registry"' }).end();
    }
    if (url === "/v2/") return answer.writeHead(200).end();
    const [, kind, name = ""] = /\/(manifests|blobs)\/(.+)$/.exec(url) ?? [];
    const isTag = name === "1";
    if (isTag) this.lookUps += 1;
    const digest = isTag ? this.tagged : name;
    const content = this.contents.get(digest);
    if (!content) return answer.writeHead(404).end();
    const type = kind === "manifests" ? manifestType : "application/octet-stream";
    const found = { "content-type": type, "docker-content-digest": digest, "content-length": content.length };
    return answer.writeHead(200, found).end(method === "HEAD" ? undefined : content);
  });

  private constructor(private readonly repository: string) {}

  static async start(repository: string): Promise<MovingRegistry> {
    const registry = new MovingRegistry(repository);
    registry.server.unref();
    await new Promise<void>((resolve) => registry.server.listen(0, "127.0.0.1", resolve));
    await registry.move("first");
    return registry;
  }

  /** With its scheme, as the plugin has to be told it for a registry without TLS. */
  get address(): string {
    const address = this.server.address();
    return `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  }

  get image(): string {
    return `${this.address.replace("http://", "")}/${this.repository}`;
  }

  /** Gives the tag to an image with this text in a file. @returns the digest of its manifest */
  async move(text: string): Promise<string> {
    const tar = await archiveOf([["text", Buffer.from(`${this.repository} ${text}`)]]);
    const layer = gzipSync(tar);
    const config = Buffer.from(
      JSON.stringify({
        architecture: process.arch === "x64" ? "amd64" : process.arch,
        os: "linux",
        config: {},
        rootfs: { type: "layers", diff_ids: [digestOf(tar)] },
      }),
    );
    const part = (mediaType: string, content: Buffer) => ({
      mediaType,
      size: content.length,
      digest: this.add(content),
    });
    const manifest = {
      schemaVersion: 2,
      mediaType: manifestType,
      config: part("application/vnd.docker.container.image.v1+json", config),
      layers: [part("application/vnd.docker.image.rootfs.diff.tar.gzip", layer)],
    };
    this.tagged = this.add(Buffer.from(JSON.stringify(manifest)));
    return this.tagged;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private add(content: Buffer): string {
    const digest = digestOf(content);
    this.contents.set(digest, content);
    return digest;
  }
}

function digestOf(content: Buffer): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}
