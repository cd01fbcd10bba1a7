import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { archiveOf } from "../archive";
import { gatewayUser } from "../hardening";

/** Where the program lies in a gateway's container: a folder of root's in a volume, as the rest is read-only. */
export const programFolder = "/gateway";
/** Where a gateway meets what gives it its listening sockets. No sandbox has it: whoever comes there could give others. */
export const channelFolder = `${programFolder}/channel`;

let packed: Promise<Buffer> | undefined;

/** The gateway's program as an archive: plain files that need nothing but Node. */
export function program(): Promise<Buffer> {
  packed ??= archiveOf(compiled(), [{ name: basename(channelFolder), type: "directory", mode: 0o700, ...gatewayUser }]);
  return packed;
}

function compiled(): [name: string, content: Buffer][] {
  // The package by its own name, so that what is compiled is found from the sources, too.
  const folder = join(dirname(require.resolve("pulumi-openai-containers/provider")), "egress");
  const names = readdirSync(folder).filter((name) => name.endsWith(".js"));
  return names.map((name) => [name, readFileSync(join(folder, name))]);
}
