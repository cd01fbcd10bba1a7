import type { ContainerCreateOptions } from "dockerode";
import { asNobody, hardened, memoryOf, volumeAt } from "../hardening";
import { programFolder } from "./program";
import type { Subnet } from "./subnet";

const memory = 256 * 2 ** 20; // twice what a gigabyte through it and 256 connections were seen to take
/**
 * Small generations, collected often: the gateway's garbage is many short-lived buffers. On one processor threads that
 * help to collect a megabyte cost more than they do. It collects by itself too: provider/egress/garbage.ts.
 */
const nodeFlags = ["--max-semi-space-size=1", "--max-old-space-size=96", "--no-parallel-scavenge", "--expose-gc"];

/** What tells a gateway from other containers of an engine: the id of its sandbox. */
export const gatewayLabel = "openai-containers.gateway-of";

export function gatewayName(id: string): string {
  return `${id}-gateway`;
}

/**
 * A sandbox's gateway, in the engine's words. It is made on the engine's default bridge, from where it reaches the
 * upstreams; the sandbox's network comes to it before it starts.
 */
export function gatewaySpec(id: string, image: string, { gateway, sandbox }: Subnet): ContainerCreateOptions {
  const start = JSON.stringify({ address: gateway, sandbox });
  return {
    name: gatewayName(id),
    ...programOf(image, ["main.js", start]),
    OpenStdin: true, // on which its policy comes
    Labels: { [gatewayLabel]: id },
    HostConfig: {
      ...locks,
      NetworkMode: "bridge",
      // A sandbox that takes it for a router gets no further.
      Sysctls: { "net.ipv4.ip_forward": "0", ...lowPorts, ...withoutIpv6 },
      LogConfig: { Type: "json-file", Config: { "max-size": "10m", "max-file": "3" } },
    },
  };
}

/** Without an address of its own a container has nobody to talk to by IPv6, on any engine. */
export const withoutIpv6 = { "net.ipv6.conf.all.disable_ipv6": "1", "net.ipv6.conf.default.disable_ipv6": "1" };

/** Lets nobody listen on the ports of names, HTTP and HTTPS; Docker's own default, and not Podman's. */
export const lowPorts = { "net.ipv4.ip_unprivileged_port_start": "0" };

/** What runs one of the gateway's programs, as nobody. */
export function programOf(image: string, [file = "", ...args]: string[]): ContainerCreateOptions {
  return {
    Image: image,
    Entrypoint: ["node", ...nodeFlags, `${programFolder}/${file}`, ...args],
    Cmd: [],
    User: asNobody,
    WorkingDir: "/",
    Healthcheck: { Test: ["NONE"] },
  };
}

/** What keeps such a program from everything but the network. */
export const locks = {
  ...hardened,
  ...memoryOf(memory),
  PidsLimit: 64,
  // One processor, as a quota: an engine that cannot limit processors leaves it out, and would refuse NanoCpus.
  CpuPeriod: 100_000,
  CpuQuota: 100_000,
  // The memory of this process holds secrets, which a core dump would put on the host's disk.
  Ulimits: [{ Name: "core", Soft: 0, Hard: 0 }],
  Mounts: [volumeAt(programFolder, {})],
} satisfies ContainerCreateOptions["HostConfig"];
