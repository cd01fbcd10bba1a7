import type Docker from "dockerode";
import { z } from "zod";
import { UnreachableError } from "../../backend";
import type { DockerSettings } from "../settings";
import { clientOptions } from "./client-options";
import { withConcurrencyLimit } from "./concurrency-limit";
import { withDebugLog } from "./debug-calls";
import { defaultSource, type Endpoint, endpoints } from "./endpoints";
import { failureCode } from "./failure";
import { isPodman, podmanLimits } from "./podman";
import { defaultTimeouts, type RequestTimeouts, withTimeouts } from "./request-timeouts";
import { withSpecInBody } from "./spec-in-body";
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
  /** Whether its default seccomp profile may let a container open AF_VSOCK sockets, which are in no network namespace. */
  opensVsock: boolean;
  /** Whether a new volume belongs to its container's user instead of root: on Podman. */
  givesVolumesAway: boolean;
}

const oldestApi = "1.41"; // Docker Engine 20.10
const newestApi = "1.51"; // Docker Engine 28.5
const deniesVsock = "1.42"; // Docker Engine 23: moby/moby#44563; Podman 4.3 speaks 1.41

/**
 * Connects to the configured engine, or without one to the first that responds at a default address.
 * @throws UnreachableError
 */
export async function connect(settings: DockerSettings, timeouts = defaultTimeouts): Promise<Engine> {
  const tried: string[] = [];
  let worst: Error | undefined;
  for (const endpoint of endpoints(settings)) {
    try {
      return await open(endpoint, timeouts);
    } catch (error) {
      if (endpoint.source !== defaultSource || error instanceof UnreachableError)
        throw explainUnreachable(error, endpoint);
      tried.push(endpoint.address);
      // A socket that exists but does not respond is more telling than a missing one.
      if (failureCode(error) !== "ENOENT") worst ??= explainUnreachable(error, endpoint);
    }
  }
  throw (
    worst ??
    new UnreachableError(
      "OC2201",
      `No Docker engine found: none of the default sockets exists (${tried.join(", ")})`,
      "Install and start Docker or Podman, or set DOCKER_HOST, or run `docker context use`",
      { cause: Object.assign(new Error("no engine"), { code: "ENOENT" }) },
    )
  );
}

const versionAnswer = z.object({
  ApiVersion: z.string(),
  Components: z.array(z.object({ Name: z.string() })).optional(),
});
const infoAnswer = z.object({
  ID: z.string(),
  Name: z.string(),
  DockerRootDir: z.string(),
  MemTotal: z.number(),
  MemoryLimit: z.boolean(),
  SwapLimit: z.boolean(),
  PidsLimit: z.boolean().default(false), // an unreported limit may be missing
  SystemTime: z.iso.datetime({ offset: true }).optional().catch(undefined),
  DefaultRuntime: z.string().default(""),
  Runtimes: z
    .record(z.string(), z.object({ path: z.string().optional(), runtimeType: z.string().optional() }))
    .default({}),
});

async function open(endpoint: Endpoint, timeouts: RequestTimeouts): Promise<Engine> {
  const { default: Client } = await import("dockerode");
  const options = clientOptions(endpoint);
  const clientWith = (more: object) =>
    withSpecInBody(withConcurrencyLimit(withDebugLog(withTimeouts(new Client({ ...options, ...more }), timeouts))));
  const { ApiVersion, Components } = versionAnswer.parse(await clientWith({}).version());
  if (isOlder(ApiVersion, oldestApi)) {
    throw new UnreachableError(
      "OC2213",
      `The Docker engine at ${endpoint.address} is too old: its API version is ${ApiVersion}`,
      `Use Docker Engine 20.10 or newer (API version ${oldestApi})`,
    );
  }
  const version = isOlder(ApiVersion, newestApi) ? ApiVersion : newestApi;
  const client = clientWith({ version: `v${version}` });
  const info = infoAnswer.parse(await client.info());
  const ahead = info.SystemTime === undefined ? 0 : Date.parse(info.SystemTime) - Date.now();
  const podman = isPodman(Components);
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
    runtime: runtimeOf(info),
    opensVsock: isOlder(ApiVersion, deniesVsock),
    givesVolumesAway: podman,
  };
}

/** By its name and its program, as the administrator chooses the name. */
function runtimeOf({ DefaultRuntime: name, Runtimes }: z.output<typeof infoAnswer>): string {
  const { path, runtimeType } = Runtimes[name] ?? {};
  const program = path ?? runtimeType;
  return program === undefined || program === name ? name : `${name}, ${program}`;
}

function isOlder(version: string, than: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [thanMajor = 0, thanMinor = 0] = than.split(".").map(Number);
  return major < thanMajor || (major === thanMajor && minor < thanMinor);
}
