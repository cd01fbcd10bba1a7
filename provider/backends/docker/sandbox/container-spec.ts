import type { ContainerCreateOptions, ContainerInspectInfo } from "dockerode";
import { type Container, defaultImage, memoryLimitBytes } from "../../../model/container";
import type { Observed } from "../../../model/record";
import { asNobody, hardened, memoryLimits, rootVolumeAt, volumeAt } from "../engine/hardening";
import { isOnOwnNetwork, unlabelledAllowList } from "./earlier-release";
import {
  hasGateway,
  imageIn,
  labelledAllowList,
  minutesOf,
  nameLabel,
  nameOf,
  namesRuntime,
  type SandboxAllowList,
  sandboxLabels,
} from "./labels";
import { lifeline, lifelineFolder } from "./lifeline";
import { environmentOf, hostsOf, networksOf, trustFolder } from "./network-config";
import { expiredExitCode, watchdog } from "./watchdog";

/** A sandbox's files, as on the hosted API: a folder of the sandbox's user in a volume of its own. */
export const dataVolume = "/mnt";
export const dataFolder = `${dataVolume}/data`;

/** A sandbox's skills, as on the hosted API: a volume of root's, in a sandbox that has any. */
export const skillsFolder = "/home/oai/skills";

/**
 * The engine's options of a sandbox with these arguments. Its id is its name on the engine: `docker exec -it cntr_… sh`.
 * @param minute its length in seconds
 * @param givesVolumesAway whether the engine gives a new volume to the sandbox's user
 */
export function containerSpec(
  id: string,
  container: Container & { name: string },
  minute: number,
  allowList?: SandboxAllowList,
  givesVolumesAway = false,
): ContainerCreateOptions {
  const { name, expiresAfter, skills = [] } = container;
  const { minutes } = expiresAfter;
  const memory = memoryLimitBytes[container.memoryLimit];
  const image = imageOf(container);
  const runtime = container.docker?.runtime;
  const labels = { [nameLabel]: name };
  return {
    name: id,
    Image: image,
    Entrypoint: watchdog(minutes * minute, allowList && lifeline),
    Cmd: [],
    User: asNobody,
    WorkingDir: dataFolder,
    Env: [`HOME=${dataFolder}`, ...(allowList ? environmentOf(allowList) : [])],
    // An image's own health check would run inside and count as use.
    Healthcheck: { Test: ["NONE"] },
    StopSignal: "SIGTERM",
    Labels: sandboxLabels(name, minutes, { image, runtime }, allowList),
    HostConfig: {
      ...hardened,
      ...memoryLimits(memory),
      ...(runtime !== undefined && { Runtime: runtime }),
      // With an allow list, too: its gateway's sockets are inside.
      NetworkMode: "none",
      ...(allowList && hostsOf(allowList)),
      PidsLimit: 1024,
      Mounts: [
        volumeAt(dataVolume, labels),
        ...(skills.length > 0 ? [rootVolumeAt(skillsFolder, labels, givesVolumesAway)] : []),
        ...(allowList ? [volumeAt(trustFolder, labels), rootVolumeAt(lifelineFolder, labels, givesVolumesAway)] : []),
      ],
      // Code inside can write to the watchdog's output, which is on the host's disk.
      LogConfig: { Type: "json-file", Config: { "max-size": "64k", "max-file": "1" } },
      Tmpfs: { "/tmp": `rw,exec,nosuid,nodev,mode=1777,size=${memory / 2}` },
    },
  };
}

export function imageOf({ docker }: Container): string {
  return docker?.image ?? defaultImage;
}

export function idOf({ Name }: ContainerInspectInfo): string {
  return Name.replace(/^\//, "");
}

/** Whether a container is a sandbox. An engine may report no labels as null. */
export function isSandbox({ Config }: ContainerInspectInfo): boolean {
  return nameLabel in (Config.Labels ?? {});
}

/** The allow list that a sandbox was created with, of this or an earlier release. */
export function allowListOf(inspected: ContainerInspectInfo): SandboxAllowList {
  return labelledAllowList(inspected.Config.Labels) ?? unlabelledAllowList(inspected);
}

/** An engine's time as the API has times: whole seconds since the epoch. */
export function secondsOf(stamp: string): number {
  return Math.floor(Date.parse(stamp) / 1000);
}

/** A sandbox's arguments and outputs as the engine reports them. */
export function observedFrom(inspected: ContainerInspectInfo): Observed {
  const { Created, Config, HostConfig, Image, State } = inspected;
  const id = idOf(inspected);
  return {
    id,
    name: nameOf(Config.Labels),
    status: statusFrom(State),
    createdAt: secondsOf(Created),
    memoryLimit: memoryLimitFrom(HostConfig.Memory ?? 0, HostConfig.MemorySwap ?? 0),
    networkPolicy: policyFrom(id, inspected),
    expiresAfter: { anchor: "last_active_at", minutes: minutesOf(Config.Labels) },
    docker: {
      image: imageIn(Config.Labels) ?? Config.Image,
      ...(namesRuntime(Config.Labels) && { runtime: HostConfig.Runtime ?? "" }),
    },
    imageId: Image,
  };
}

/** Podman: a container that has ended is `stopped` until it is cleaned up, which may take long, and `exited` then. */
const ended = ["exited", "stopped"];

export function statusFrom({ Status, ExitCode }: Pick<ContainerInspectInfo["State"], "Status" | "ExitCode">): string {
  if (ended.includes(Status)) return ExitCode === expiredExitCode ? "expired" : "stopped";
  return Status === "dead" || Status === "created" ? "stopped" : Status;
}

/** A tier, or the bytes, where somebody changed the limits to values of no tier. */
export function memoryLimitFrom(memory: number, withSwap: number): string {
  const tier = Object.entries(memoryLimitBytes).find(([, bytes]) => bytes === memory && bytes === withSwap);
  return tier?.[0] ?? `${memory} bytes${withSwap === memory ? "" : `, ${withSwap} with swap`}`;
}

/**
 * The policy without its secrets, which only its gateway has. If somebody connected the sandbox to other networks, it is
 * their names: a value that no argument can have.
 */
export function policyFrom(id: string, inspected: ContainerInspectInfo): NonNullable<Observed["networkPolicy"]> {
  const own = ["none", id];
  const foreign = networksOf(inspected).filter((name) => !own.includes(name));
  if (foreign.length > 0) return { type: `connected to ${foreign.join(", ")}` };
  return hasGateway(inspected.Config.Labels ?? {}) || isOnOwnNetwork(id, inspected)
    ? { type: "allowlist", allowedDomains: allowListOf(inspected).allowedDomains }
    : { type: "disabled" };
}
