import type { ContainerInspectInfo } from "dockerode";

/** The driver options of a volume's engine, which name a device or a folder of the host, or a server. */
export type VolumeOptions = Record<string, string> | null;

/**
 * How a container of another origin reaches more of its host or of networks than a sandbox, in clauses. An engine socket
 * inside is a folder or file of the host, whatever its path.
 * @param volumes the driver options of its volumes, by their names
 */
export function exposuresOf(inspected: ContainerInspectInfo, volumes: ReadonlyMap<string, VolumeOptions>): string[] {
  const { HostConfig, Mounts, NetworkSettings } = inspected;
  const networks = Object.keys(NetworkSettings.Networks ?? {}).filter((name) => name !== "none");
  const { NetworkMode: mode = "" } = HostConfig;
  const devices: { PathOnHost: string }[] = HostConfig.Devices ?? [];
  const options: string[] = HostConfig.SecurityOpt ?? [];
  return [
    ...(HostConfig.Privileged ? ["it is privileged"] : []),
    ...listed("it is on the networks", networks),
    ...(mode === "none" || networks.length > 0 ? [] : [`its network mode is ${mode}`]),
    ...Mounts.flatMap((mount) => mountExposure(mount, volumes)),
    ...namespacesOf(HostConfig).map((name) => `it shares the ${name} namespace of its host or of another container`),
    ...listed("it has the added capabilities", HostConfig.CapAdd),
    ...listed("it has the devices", [...devices.map(({ PathOnHost }) => PathOnHost), ...gpusOf(HostConfig)]),
    ...listed("it has the device rules", HostConfig.DeviceCgroupRules),
    ...listed("it has the security options", options.filter(isWeaker)),
    ...(HostConfig.MaskedPaths?.length === 0 ? ["its system paths are not masked"] : []),
  ];
}

function gpusOf({ DeviceRequests }: ContainerInspectInfo["HostConfig"]): string[] {
  return (DeviceRequests ?? []).map(({ Driver }) => Driver || "gpu");
}

type Mount = ContainerInspectInfo["Mounts"][number];

function mountExposure({ Type, Source, Destination, Name = "" }: Mount, volumes: ReadonlyMap<string, VolumeOptions>) {
  if (Type === "tmpfs" || Type === "image") return [];
  if (Type !== "volume") return [`it has ${Source} of its host at ${Destination}`];
  const options = Object.keys(volumes.get(Name) ?? {});
  return options.length > 0 ? [`its volume at ${Destination} is not on the engine's own storage`] : [];
}

const privateModes = ["", "private", "shareable", "none"];

/** The namespaces that are not a container's own. The one of users is the host's on most engines, unless remapped. */
function namespacesOf({ PidMode, IpcMode, UTSMode, UsernsMode }: ContainerInspectInfo["HostConfig"]): string[] {
  const modes = { PID: PidMode, IPC: IpcMode, UTS: UTSMode, user: UsernsMode };
  return Object.entries(modes).flatMap(([name, mode]) => (privateModes.includes(mode ?? "") ? [] : [name]));
}

/** Any option but the one that takes privileges away replaces a profile of the engine. */
function isWeaker(option: string): boolean {
  return !/^no-new-privileges(?:[:=]true)?$/.test(option);
}

function listed(what: string, items: readonly string[] | null | undefined): string[] {
  return items && items.length > 0 ? [`${what} ${items.map((item) => item.slice(0, 40)).join(", ")}`] : [];
}
