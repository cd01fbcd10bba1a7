import type { ContainerCreateOptions } from "dockerode";
import { gatewayUser, hardened, memoryLimits, volumeAt } from "../../engine/hardening";
import { lifeline, lifelineFolder } from "../../sandbox/lifeline";
import { gatewayAddress } from "../../sandbox/network-config";
import { channelFolder, programFolder } from "./gateway-program";

const memory = 256 * 2 ** 20; // twice its measured use with a gigabyte transferred and 256 connections
/**
 * Small generations that are collected often, as the gateway's garbage is many short-lived buffers. On one processor,
 * parallel scavenging costs more than it saves. The gateway also collects explicitly: provider/egress/outbound/buffer-memory.ts.
 */
const nodeFlags = ["--max-semi-space-size=1", "--max-old-space-size=96", "--no-parallel-scavenge", "--expose-gc"];

/** The label of a gateway and of its listeners container: the id of their sandbox. */
export const gatewayLabel = "openai-containers.gateway-of";

export function gatewayName(id: string): string {
  return `${id}-gateway`;
}

export function listenersName(id: string): string {
  return `${id}-listeners`;
}

/**
 * The engine's options of a sandbox's gateway. It is on the engine's default bridge, by which it reaches the upstreams, and
 * shares no network with its sandbox: it gets its listening sockets from the listeners container.
 * @param volume the one of the sandbox's lifeline
 */
export function gatewaySpec(id: string, image: string, volume: string): ContainerCreateOptions {
  return {
    name: gatewayName(id),
    ...programOf(id, image, "gateway"),
    OpenStdin: true, // for its policy
    HostConfig: {
      ...restrictions,
      NetworkMode: "bridge",
      Mounts: [volumeAt(programFolder, {}), { Type: "volume", Source: volume, Target: lifelineFolder, ReadOnly: true }],
      LogConfig: { Type: "json-file", Config: { "max-size": "10m", "max-file": "3" } },
    },
  };
}

/** The container that creates a gateway's listening sockets in its sandbox's network namespace. It has the gateway's volumes. */
export function listenersSpec(id: string, image: string): ContainerCreateOptions {
  return {
    name: listenersName(id),
    ...programOf(id, image, "listeners"),
    HostConfig: { ...restrictions, NetworkMode: `container:${id}`, VolumesFrom: [gatewayName(id)] },
  };
}

/** The options by which a container runs one of the gateway's programs. */
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

/** The host options that leave such a program nothing but its network. */
const restrictions = {
  ...hardened,
  ...memoryLimits(memory),
  PidsLimit: 64,
  // One processor, as a quota: an engine that cannot limit processors ignores a quota, and refuses NanoCpus.
  CpuPeriod: 100_000,
  CpuQuota: 100_000,
  // The memory of this process holds secrets, which a core dump would put on the host's disk.
  Ulimits: [{ Name: "core", Soft: 0, Hard: 0 }],
} satisfies ContainerCreateOptions["HostConfig"];
