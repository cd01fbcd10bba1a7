import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { archiveOf } from "../../engine/archive";
import { gatewayUser } from "../../engine/hardening";

/** Where the program lies in a gateway's container: a folder of root's in a volume, as the rest is read-only. */
export const programFolder = "/gateway";
/** Where a gateway meets what gives it its listening sockets. No sandbox has it: whoever comes there could give others. */
export const channelFolder = `${programFolder}/channel`;

let packed: Promise<Buffer> | undefined;

/** The gateway's program as an archive: plain files that need nothing but Node. */
export function program(): Promise<Buffer> {
  packed ??= pack();
  return packed;
}

function pack(): Promise<Buffer> {
  const { files, folders } = compiled();
  const places = folders.map((name) => ({ name, type: "directory" as const, mode: 0o755, uid: 0, gid: 0 }));
  const channel = { name: basename(channelFolder), type: "directory", mode: 0o700, ...gatewayUser } as const;
  return archiveOf(files, [...places, channel]);
}

function compiled(): { files: [path: string, content: Buffer][]; folders: string[] } {
  // The package by its own name, so that what is compiled is found from the sources, too.
  const root = join(dirname(require.resolve("pulumi-openai-containers/provider")), "egress");
  const paths = readdirSync(root, { recursive: true, encoding: "utf8" });
  const files = paths.filter((path) => path.endsWith(".js"));
  const folders = [...new Set(files.map(dirname))].filter((folder) => folder !== ".");
  return { files: files.map((path) => [path, readFileSync(join(root, path))]), folders };
}
