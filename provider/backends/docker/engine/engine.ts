import type Docker from "dockerode";
import { UnreachableError } from "../../backend";
import type { DockerSettings } from "../settings";
import { clientOptions } from "./client-options";
import type { Endpoint } from "./discovery/endpoint";
import { type Failure, noEngine } from "./discovery/no-engine";
import { type Strategy, strategies } from "./discovery/strategies";
import { isPodman, podmanLimits } from "./podman";
import { defaultRuntime, description, type EngineDescription, infoAnswer, runtimesOf, versionAnswer } from "./reported";
import { defaultTimeouts, type RequestTimeouts } from "./request-timeouts";
import { explainUnreachable } from "./unreachable";

/** An engine that is connected. */
export interface Engine {
  client: Docker;
  address: string;
  /** Identifies the engine, independent of its address. */
  location: string;
  /** Its clock, in milliseconds since the epoch. The times that it reports are by that clock, not by this machine's. */
  now(): number;
  /** The host's memory in bytes. */
  memoryTotal: number;
  /** The limits that it can set. It may run a container without an unsupported limit, and report no error. */
  limits: { memory: boolean; swap: boolean; pids: boolean };
  /** Its default runtime; empty where it does not report one. */
  runtime: string;
  /** The programs of its runtimes, by name. */
  runtimes: ReadonlyMap<string, string>;
  /** Its processor, as Go names it: `amd64`; empty where it does not report one. */
  architecture: string;
  /** The settings of this machine's Docker client that lead to credentials for registries. */
  credentialSettings: Pick<DockerSettings, "configFolder" | "authConfig">;
  /** Whether its default seccomp profile may let a container open AF_VSOCK sockets, which are in no network namespace. */
  opensVsock: boolean;
  /** Whether a new volume belongs to its container's user instead of root: on Podman. */
  givesVolumesAway: boolean;
  description: EngineDescription;
}

const oldestApi = "1.41"; // Docker Engine 20.10
const newestApi = "1.51"; // Docker Engine 28.5
const deniesVsock = "1.42"; // Docker Engine 23: moby/moby#44563; Podman 4.3 speaks 1.41

/**
 * Connects to the configured engine, or without one to the first that responds at a usual socket.
 * @throws UnreachableError
 */
export async function connect(settings: DockerSettings, timeouts = defaultTimeouts): Promise<Engine> {
  const failures: Failure[] = [];
  for (const strategy of strategies(settings)) {
    const { address = "", result } = await attempt(strategy, settings, timeouts);
    if (result === undefined) continue;
    if (!(result instanceof UnreachableError)) return result;
    if (strategy.isExplicit) throw result;
    failures.push({ address, error: result });
  }
  throw noEngine(failures);
}

/** What a strategy gave. */
export interface Attempt {
  strategy: Strategy;
  /** Undefined where the strategy does not apply, or its setting cannot be used. */
  address: string | undefined;
  /** The engine at the address, or why none can be used; undefined where the strategy does not apply. */
  result: Engine | UnreachableError | undefined;
}

/**
 * Tries every strategy, also those that {@link connect} would not get to, in the same order.
 * @returns `decisive`, the one whose result {@link connect} returns or throws, if there is one
 */
export async function survey(
  settings: DockerSettings,
  timeouts = defaultTimeouts,
): Promise<{ attempts: Attempt[]; decisive: Attempt | undefined }> {
  const attempts = await Promise.all(strategies(settings).map((strategy) => attempt(strategy, settings, timeouts)));
  const decisive = attempts.find(
    ({ strategy, result }) => result && (strategy.isExplicit || !(result instanceof UnreachableError)),
  );
  return { attempts, decisive };
}

async function attempt(strategy: Strategy, settings: DockerSettings, timeouts: RequestTimeouts): Promise<Attempt> {
  let endpoint: Endpoint | undefined;
  try {
    endpoint = strategy.find();
    return { strategy, address: endpoint?.address, result: endpoint && (await open(endpoint, settings, timeouts)) };
  } catch (error) {
    const explained = endpoint ? explainUnreachable(error, endpoint) : error;
    if (!(explained instanceof UnreachableError)) throw explained;
    return { strategy, address: endpoint?.address, result: explained };
  }
}

async function open(endpoint: Endpoint, settings: DockerSettings, timeouts: RequestTimeouts): Promise<Engine> {
  // Loaded when an engine is used: it takes 60 ms.
  const { newClient }: typeof import("./client") = require("./client");
  const options = clientOptions(endpoint);
  const reported = versionAnswer.parse(await newClient(options, timeouts).version());
  const { ApiVersion } = reported;
  if (isOlder(ApiVersion, oldestApi)) {
    throw new UnreachableError(
      "OC2213",
      `The Docker engine at ${endpoint.address} is too old: its API version is ${ApiVersion}`,
      `Use Docker Engine 20.10 or newer (API version ${oldestApi})`,
    );
  }
  const version = isOlder(ApiVersion, newestApi) ? ApiVersion : newestApi;
  const client = newClient({ ...options, version: `v${version}` }, timeouts);
  const info = infoAnswer.parse(await client.info());
  const ahead = info.SystemTime === undefined ? 0 : Date.parse(info.SystemTime) - Date.now();
  const podman = isPodman(reported.Components);
  const runtimes = runtimesOf(info);
  return {
    client,
    address: endpoint.address,
    // Podman generates a new ID for every call.
    location: podman ? `podman:${info.Name}:${info.DockerRootDir}` : `docker:${info.ID}`,
    now: () => Date.now() + ahead,
    memoryTotal: info.MemTotal,
    limits: podman
      ? await podmanLimits(client, info.SwapLimit)
      : { memory: info.MemoryLimit, swap: info.SwapLimit, pids: info.PidsLimit },
    runtime: defaultRuntime(info, runtimes),
    runtimes,
    architecture: reported.Arch,
    credentialSettings: settings,
    opensVsock: isOlder(ApiVersion, deniesVsock),
    givesVolumesAway: podman,
    description: description(podman ? "Podman" : "Docker Engine", reported, info),
  };
}

function isOlder(version: string, than: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [thanMajor = 0, thanMinor = 0] = than.split(".").map(Number);
  return major < thanMajor || (major === thanMajor && minor < thanMinor);
}
