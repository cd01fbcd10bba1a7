import type Docker from "dockerode";
import type { ContainerInspectInfo } from "dockerode";
import { archiveOf } from "../engine/archive";

/**
 * The mount point of a volume that a sandbox shares with its gateway, for this FIFO alone: one of root's. A FIFO on a read-only
 * mount is writable.
 */
export const lifelineFolder = "/run/openai-containers";
const name = "lifeline";
/** A FIFO that the sandbox's watchdog keeps open for writing, so that its gateway gets an end of file when the sandbox ends. */
export const lifeline = `${lifelineFolder}/${name}`;

/** Creates the FIFO in a sandbox that does not run, in place of any file of its name. @throws the client's error */
export async function createLifeline(sandbox: Docker.Container): Promise<void> {
  await sandbox.putArchive(await lifelineArchive(), { path: lifelineFolder });
}

/** It is root's, so that code inside cannot keep a gateway or the next start from it. */
export function lifelineArchive(): Promise<Buffer> {
  return archiveOf([], [{ name, type: "fifo", mode: 0o666, uid: 0, gid: 0 }]);
}

/** The name of that volume, of a sandbox that exists. */
export function lifelineVolume({ Mounts }: ContainerInspectInfo): string {
  return Mounts.find(({ Destination }) => Destination === lifelineFolder)?.Name ?? "";
}
