import type { ContainerCreateOptions, ContainerInspectInfo } from "dockerode";
import { type Container, defaultImage, memoryLimitBytes } from "../../../model/container";
import type { Observed } from "../../../model/record";
import { asNobody, hardened, memoryOf, volumeAt } from "../engine/hardening";
import { networksOf } from "../engine/networks";
import { isOfEarlierDesign } from "./exposed";
import { lifeline, lifelineMount } from "./lifeline";
import { allowedDomainsIn, environmentOf, namesOf, type SandboxSide, trustFolder } from "./network-config";
import { expiredExitCode, watchdog } from "./watchdog";

/** Where a sandbox keeps its files, as on the hosted API: a folder of the sandbox's user in a volume of its own. */
export const dataVolume = "/mnt";
export const dataFolder = `${dataVolume}/data`;

/** What tells a sandbox from other containers of an engine. */
export const nameLabel = "openai-containers.name";
const minutesLabel = "openai-containers.expires-after-minutes";
/** As the program names it: an engine may tell another name for the same image. */
const imageLabel = "openai-containers.image";
/** That it was made with an allow list, whatever somebody did to its networks since. */
const gatewayedLabel = "openai-containers.allow-list";

/**
 * From a container's arguments to the engine's words. The id is the engine's name for it: `docker exec -it cntr_… sh`.
 * @param minute how long one is, in seconds
 * @param side what it knows of its gateway, where it has an allow list
 */
export function containerSpec(
  id: string,
  container: Container & { name: string },
  minute: number,
  side?: SandboxSide,
): ContainerCreateOptions {
  const memory = memoryLimitBytes[container.memoryLimit];
  const { minutes } = container.expiresAfter;
  const name = { [nameLabel]: container.name };
  return {
    name: id,
    Image: imageOf(container),
    Entrypoint: watchdog(minutes * minute, side && lifeline),
    Cmd: [],
    User: asNobody,
    WorkingDir: dataFolder,
    Env: [`HOME=${dataFolder}`, ...(side ? environmentOf(side) : [])],
    // An image's own health check would run inside and count as use.
    Healthcheck: { Test: ["NONE"] },
    StopSignal: "SIGTERM",
    Labels: {
      ...name,
      [minutesLabel]: String(minutes),
      [imageLabel]: imageOf(container),
      ...(side && { [gatewayedLabel]: "" }),
    },
    HostConfig: {
      ...hardened,
      ...memoryOf(memory),
      // With an allow list, too: its gateway's sockets are inside.
      NetworkMode: "none",
      ...(side && namesOf(side)),
      PidsLimit: 1024,
      Mounts: [volumeAt(dataVolume, name), ...(side ? [volumeAt(trustFolder, name), lifelineMount(side, name)] : [])],
      // Code inside can write to its first process's output, which is kept on the host's disk.
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

/** Whether it was made here: an engine has other containers, and may tell no labels as null. */
export function isSandbox({ Config }: ContainerInspectInfo): boolean {
  return nameLabel in (Config.Labels ?? {});
}

export function hasGateway(labels: Record<string, string>): boolean {
  return gatewayedLabel in labels;
}

/** How long it may be idle, in minutes. */
export function minutesOf(labels: Record<string, string>): number {
  return Number(labels[minutesLabel]);
}

/** A time in an engine's words as the API tells times: whole seconds since the epoch. */
export function secondsOf(stamp: string): number {
  return Math.floor(Date.parse(stamp) / 1000);
}

/** From the engine's words back to a container's: what is, not what was asked for. */
export function observedFrom(inspected: ContainerInspectInfo): Observed {
  const { Created, Config, HostConfig, Image, State } = inspected;
  const id = idOf(inspected);
  return {
    id,
    name: Config.Labels[nameLabel] ?? "",
    status: statusFrom(State),
    createdAt: secondsOf(Created),
    memoryLimit: memoryLimitFrom(HostConfig.Memory ?? 0, HostConfig.MemorySwap ?? 0),
    networkPolicy: policyFrom(id, inspected),
    expiresAfter: { anchor: "last_active_at", minutes: minutesOf(Config.Labels) },
    docker: { image: Config.Labels[imageLabel] ?? Config.Image },
    imageId: Image,
  };
}

export function statusFrom(state: ContainerInspectInfo["State"]): string {
  if (state.Status !== "exited" && state.Status !== "dead" && state.Status !== "created") return state.Status;
  return state.Status === "exited" && state.ExitCode === expiredExitCode ? "expired" : "stopped";
}

/** A tier, or, where somebody changed the limits to what is none, the bytes. */
function memoryLimitFrom(memory: number, withSwap: number): string {
  const tier = Object.entries(memoryLimitBytes).find(([, bytes]) => bytes === memory && bytes === withSwap);
  return tier?.[0] ?? `${memory} bytes${withSwap === memory ? "" : `, ${withSwap} with swap`}`;
}

/**
 * The policy, as far as a sandbox tells it: the secrets are its gateway's. Where somebody connected it to other networks,
 * their names: no argument could say that.
 */
function policyFrom(id: string, inspected: ContainerInspectInfo): NonNullable<Observed["networkPolicy"]> {
  // An earlier version gave it one that is named after it.
  const own = ["none", id];
  const foreign = networksOf(inspected).filter((name) => !own.includes(name));
  if (foreign.length > 0) return { type: `connected to ${foreign.join(", ")}` };
  return hasGateway(inspected.Config.Labels) || isOfEarlierDesign(id, inspected)
    ? { type: "allowlist", allowedDomains: allowedDomainsIn(inspected) }
    : { type: "disabled" };
}
