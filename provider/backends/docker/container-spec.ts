import type { ContainerCreateOptions, ContainerInspectInfo } from "dockerode";
import { type Container, defaultImage, memoryLimitBytes } from "../../model/container";
import type { Observed } from "../../model/record";
import { expiredExitCode, watchdog } from "./watchdog";

/** Where a sandbox keeps its files, as on the hosted API: a folder of the sandbox's user in a volume of its own. */
export const dataVolume = "/mnt";
export const dataFolder = `${dataVolume}/data`;

/** Who runs in a sandbox: nobody, so that code which breaks out is nobody's on the host. */
export const sandboxUser = { uid: 65_534, gid: 65_534 };

/** What tells a sandbox from other containers of an engine. */
export const nameLabel = "openai-containers.name";
const minutesLabel = "openai-containers.expires-after-minutes";
/** As the program names it: an engine may tell another name for the same image. */
const imageLabel = "openai-containers.image";

/**
 * From a container's arguments to the engine's words. The id is the engine's name for it: `docker exec -it cntr_… sh`.
 * @param minute how long one is, in seconds
 */
export function containerSpec(
  id: string,
  container: Container & { name: string },
  minute: number,
): ContainerCreateOptions {
  const memory = memoryLimitBytes[container.memoryLimit];
  const { minutes } = container.expiresAfter;
  const name = { [nameLabel]: container.name };
  return {
    name: id,
    Image: imageOf(container),
    Entrypoint: watchdog(minutes * minute),
    Cmd: [],
    User: `${sandboxUser.uid}:${sandboxUser.gid}`,
    WorkingDir: dataFolder,
    Env: [`HOME=${dataFolder}`],
    // An image's own health check would run inside and count as use.
    Healthcheck: { Test: ["NONE"] },
    StopSignal: "SIGTERM",
    Labels: { ...name, [minutesLabel]: String(minutes), [imageLabel]: imageOf(container) },
    HostConfig: {
      // Without MemorySwap the engine allows as much swap again.
      Memory: memory,
      MemorySwap: memory,
      PidsLimit: 1024,
      NetworkMode: "none",
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges"],
      ReadonlyRootfs: true,
      Mounts: [
        {
          Type: "volume",
          Source: "", // anonymous, so that it goes with the container
          Target: dataVolume,
          VolumeOptions: { NoCopy: true, Labels: name, DriverConfig: { Name: "local", Options: {} } },
        },
      ],
      // Code inside can write to its first process's output, which is kept on the host's disk.
      LogConfig: { Type: "json-file", Config: { "max-size": "64k", "max-file": "1" } },
      Tmpfs: { "/tmp": `rw,exec,nosuid,nodev,mode=1777,size=${memory / 2}` },
    },
  };
}

export function imageOf({ docker }: Container): string {
  return docker?.image ?? defaultImage;
}

/** Whether it was made here: an engine has other containers, and may tell no labels as null. */
export function isSandbox({ Config }: ContainerInspectInfo): boolean {
  return nameLabel in (Config.Labels ?? {});
}

/** How long it may be idle, in minutes. */
export function minutesOf(labels: Record<string, string>): number {
  return Number(labels[minutesLabel]);
}

/** From the engine's words back to a container's: what is, not what was asked for. */
export function observedFrom(inspected: ContainerInspectInfo): Observed {
  const { Name, Created, Config, HostConfig, Image, State, NetworkSettings } = inspected;
  return {
    id: Name.replace(/^\//, ""),
    name: Config.Labels[nameLabel] ?? "",
    status: statusFrom(State),
    createdAt: Math.floor(Date.parse(Created) / 1000),
    memoryLimit: memoryLimitFrom(HostConfig.Memory ?? 0, HostConfig.MemorySwap ?? 0),
    networkPolicy: { type: networkFrom(Object.keys(NetworkSettings.Networks)) },
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

/** `disabled`, or, where somebody connected the sandbox to networks, their names: no argument could say that. */
function networkFrom(networks: string[]): string {
  const connected = networks.filter((network) => network !== "none");
  return connected.length === 0 ? "disabled" : `connected to ${connected.join(", ")}`;
}
