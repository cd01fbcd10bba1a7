import type { ContainerCreateOptions } from "dockerode";
import { gatewayUser, hardened, memoryOf, volumeAt } from "../../engine/hardening";
import { lifeline, lifelineFolder } from "../../sandbox/lifeline";
import { gatewayAddress } from "../../sandbox/network-config";
import { channelFolder, programFolder } from "./program";

const memory = 256 * 2 ** 20; // twice what a gigabyte through it and 256 connections were seen to take
/**
 * Small generations, collected often: the gateway's garbage is many short-lived buffers. On one processor threads that
 * help to collect a megabyte cost more than they do. It collects by itself too: provider/egress/outbound/buffer-memory.ts.
 */
const nodeFlags = ["--max-semi-space-size=1", "--max-old-space-size=96", "--no-parallel-scavenge", "--expose-gc"];

/** What tells a gateway, and what gives it its sockets, from other containers of an engine: the id of its sandbox. */
export const gatewayLabel = "openai-containers.gateway-of";

export function gatewayName(id: string): string {
  return `${id}-gateway`;
}

export function listenersName(id: string): string {
  return `${id}-listeners`;
}

/**
 * A sandbox's gateway, in the engine's words. It is on the engine's default bridge, from where it reaches the upstreams,
 * and on no network with its sandbox: what it listens on comes from the sandbox's listeners.
 * @param volume the one of the sandbox's lifeline
 */
export function gatewaySpec(id: string, image: string, volume: string): ContainerCreateOptions {
  return {
    name: gatewayName(id),
    ...programOf(id, image, "gateway"),
    OpenStdin: true, // on which its policy comes
    HostConfig: {
      ...locks,
      NetworkMode: "bridge",
      Mounts: [volumeAt(programFolder, {}), { Type: "volume", Source: volume, Target: lifelineFolder, ReadOnly: true }],
      LogConfig: { Type: "json-file", Config: { "max-size": "10m", "max-file": "3" } },
    },
  };
}

/** What makes a gateway's listening sockets in the network namespace of its sandbox, with the gateway's own volumes. */
export function listenersSpec(id: string, image: string): ContainerCreateOptions {
  return {
    name: listenersName(id),
    ...programOf(id, image, "listeners"),
    HostConfig: { ...locks, NetworkMode: `container:${id}`, VolumesFrom: [gatewayName(id)] },
  };
}

/** What runs one of the gateway's programs. */
function programOf(id: string, image: string, name: string): ContainerCreateOptions {
  const start = { address: gatewayAddress, channel: `${channelFolder}/socket`, lifeline };
  return {
    Image: image,
    Entrypoint: ["node", ...nodeFlags, `${programFolder}/launch.js`, name, JSON.stringify(start)],
    Cmd: [],
    User: `${gatewayUser.uid}:${gatewayUser.gid}`,
    WorkingDir: "/",
    Healthcheck: { Test: ["NONE"] },
    Labels: { [gatewayLabel]: id },
  };
}

/** What keeps such a program from everything but its network. */
const locks = {
  ...hardened,
  ...memoryOf(memory),
  PidsLimit: 64,
  // One processor, as a quota: an engine that cannot limit processors leaves it out, and would refuse NanoCpus.
  CpuPeriod: 100_000,
  CpuQuota: 100_000,
  // The memory of this process holds secrets, which a core dump would put on the host's disk.
  Ulimits: [{ Name: "core", Soft: 0, Hard: 0 }],
} satisfies ContainerCreateOptions["HostConfig"];
