import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { archiveOf } from "../../engine/archive";
import { gatewayUser } from "../../engine/hardening";

/** The program's folder in a gateway's container: root's, in a volume, as the rest is read-only. */
export const programFolder = "/gateway";
/** The folder of the socket on which a gateway gets its listeners. No sandbox has it, as who connects there can pass others. */
export const channelFolder = `${programFolder}/channel`;

let packed: Promise<Buffer> | undefined;

/** The gateway's program as an archive: files that need Node alone. */
export function gatewayProgram(): Promise<Buffer> {
  packed ??= pack();
  return packed;
}

function pack(): Promise<Buffer> {
  const { files, folders } = compiled();
  const entries = folders.map((name) => ({ name, type: "directory" as const, mode: 0o755, uid: 0, gid: 0 }));
  const channel = { name: basename(channelFolder), type: "directory", mode: 0o700, ...gatewayUser } as const;
  return archiveOf(files, [...entries, channel]);
}

function compiled(): { files: [path: string, content: Buffer][]; folders: string[] } {
  // By the package's name, so that the compiled files are found when the sources run, too.
  const root = join(dirname(require.resolve("pulumi-openai-containers/provider")), "egress");
  const paths = readdirSync(root, { recursive: true, encoding: "utf8" });
  const files = paths.filter((path) => path.endsWith(".js"));
  const folders = [...new Set(files.map(dirname))].filter((folder) => folder !== ".");
  return { files: files.map((path) => [path, readFileSync(join(root, path))]), folders };
}
