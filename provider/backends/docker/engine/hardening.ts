import type { MountSettings } from "dockerode";

/** Who runs in the containers that are made here: nobody, so that code which breaks out is nobody's on the host. */
export const nobody = { uid: 65_534, gid: 65_534 };
export const asNobody = `${nobody.uid}:${nobody.gid}`;

/**
 * Who runs gateways: another user, who is nobody either, as a kernel counts some things by user, whatever container they are
 * in (epoll's watches, inotify's instances). A sandbox that uses them up takes them from no gateway.
 */
export const gatewayUser = { uid: 65_533, gid: 65_533 };

/** What each of them has to do without. */
export const hardened = { CapDrop: ["ALL"], SecurityOpt: ["no-new-privileges"], ReadonlyRootfs: true };

/** A limit of memory. Without MemorySwap an engine allows as much swap again. */
export function memoryOf(bytes: number) {
  return { Memory: bytes, MemorySwap: bytes };
}

/** A fresh volume that goes with its container. */
export function volumeAt(target: string, labels: Record<string, string>): MountSettings {
  return {
    Type: "volume",
    Source: "", // anonymous
    Target: target,
    VolumeOptions: { NoCopy: true, Labels: labels, DriverConfig: { Name: "local", Options: {} } },
  };
}
