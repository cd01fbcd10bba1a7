import type Docker from "dockerode";
import type { ContainerInspectInfo, MountSettings } from "dockerode";
import { archiveOf } from "../engine/archive";
import { volumeAt } from "../engine/hardening";
import type { SandboxSide } from "./network-config";

/** A volume that a sandbox shares with its gateway, and nothing else is in it. */
export const lifelineFolder = "/run/openai-containers";
const name = "lifeline";
/** A FIFO that the sandbox's first process has open for writing, so that its gateway sees it end. */
export const lifeline = `${lifelineFolder}/${name}`;

/**
 * Its volume in the sandbox. A FIFO can be written to on what is mounted read-only; Docker takes no such anonymous volume, and
 * leaves the folder root's.
 */
export function lifelineMount({ ownsLifelineFolder }: SandboxSide, labels: Record<string, string>): MountSettings {
  const volume = volumeAt(lifelineFolder, labels);
  return ownsLifelineFolder ? { ...volume, ReadOnly: true } : volume;
}

/** Puts it into a sandbox that does not run, in place of whatever is there. */
export async function giveLifeline(sandbox: Docker.Container): Promise<void> {
  await sandbox.putArchive(await lifelineArchive(), { path: lifelineFolder });
}

/** It is root's, so that code inside cannot keep a gateway or the next start from it. */
export function lifelineArchive(): Promise<Buffer> {
  return archiveOf([], [{ name, type: "fifo", mode: 0o666, uid: 0, gid: 0 }]);
}

/** The volume of a sandbox that is there. */
export function lifelineVolume({ Mounts }: ContainerInspectInfo): string {
  return Mounts.find(({ Destination }) => Destination === lifelineFolder)?.Name ?? "";
}
