import type { MountSettings } from "dockerode";

/** The user of sandboxes: nobody, so that code which escapes has no permissions on the host. */
export const nobody = { uid: 65_534, gid: 65_534 };
export const asNobody = `${nobody.uid}:${nobody.gid}`;

/**
 * The user of gateways: another one without permissions, as a kernel counts some resources by user, across containers
 * (epoll's watches, inotify's instances). A sandbox that exhausts them takes none from a gateway.
 */
export const gatewayUser = { uid: 65_533, gid: 65_533 };

/** Host options of every container that this backend creates. */
export const hardened = { CapDrop: ["ALL"], SecurityOpt: ["no-new-privileges"], ReadonlyRootfs: true };

/** Without MemorySwap an engine allows as much swap again. */
export function memoryLimits(bytes: number) {
  return { Memory: bytes, MemorySwap: bytes };
}

/** A new anonymous volume that is removed with its container. */
export function volumeAt(target: string, labels: Record<string, string>): MountSettings {
  return {
    Type: "volume",
    Source: "", // anonymous
    Target: target,
    VolumeOptions: { NoCopy: true, Labels: labels, DriverConfig: { Name: "local", Options: {} } },
  };
}

/**
 * A new anonymous volume in which only root can write. Docker gives its folder to root, and puts no archive into a read-only one.
 * @param givesVolumesAway whether the engine gives it to the container's user, and puts archives into a read-only one, as Podman
 */
export function rootVolumeAt(target: string, labels: Record<string, string>, givesVolumesAway: boolean): MountSettings {
  return { ...volumeAt(target, labels), ...(givesVolumesAway && { ReadOnly: true }) };
}
