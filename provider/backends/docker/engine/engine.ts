import type Docker from "dockerode";
import { z } from "zod";
import type { DockerSettings } from "../../../config";
import { UnreachableError } from "../../backend";
import { clientOptions } from "./client-options";
import { withDebugLog } from "./debug-calls";
import { type Endpoint, endpoints, usualPlace } from "./endpoints";
import { explainUnreachable, failureCode } from "./engine-errors";
import { isPodman, podmanLimits } from "./podman";
import { type TimeLimits, usualLimits, withTimeLimits } from "./time-limits";

/** An engine that answered. */
export interface Engine {
  client: Docker;
  address: string;
  /** Identifies the engine, whatever address it is reached at. */
  location: string;
  /** Its clock, in milliseconds since the epoch: the times that it tells are by that, and not by this machine's. */
  now(): number;
  /** The host's memory in bytes. */
  memoryTotal: number;
  /** Which limits it can set. Without one it may accept a container and run it unlimited, and not say so. */
  limits: { memory: boolean; swap: boolean; pids: boolean };
  /** What runs its containers, unless they ask for something else; nothing where the engine does not tell. */
  runtime: string;
  /** Whether its usual profile may let a container open AF_VSOCK sockets, which are in no network namespace. */
  opensVsock: boolean;
  /** Whether a fresh volume becomes the user's whose container has it, and not root's: on Podman. */
  givesVolumesAway: boolean;
}

const oldestApi = "1.41"; // Docker Engine 20.10
const newestApi = "1.51"; // Docker Engine 28.5
const deniesVsock = "1.42"; // Docker Engine 23: moby/moby#44563; Podman 4.3 speaks 1.41

/**
 * Connects to the engine that the settings name, or to the first that answers at a usual place.
 * @throws UnreachableError
 */
export async function connect(settings: DockerSettings, limits = usualLimits): Promise<Engine> {
  const tried: string[] = [];
  let worst: Error | undefined;
  for (const endpoint of endpoints(settings)) {
    try {
      return await open(endpoint, limits);
    } catch (error) {
      if (endpoint.source !== usualPlace || error instanceof UnreachableError)
        throw explainUnreachable(error, endpoint);
      tried.push(endpoint.address);
      // A socket that exists but does not answer says more than one that is missing.
      if (failureCode(error) !== "ENOENT") worst ??= explainUnreachable(error, endpoint);
    }
  }
  throw (
    worst ??
    new UnreachableError(
      "OC0000",
      `No Docker engine was found (tried ${tried.join(", ")})`,
      "Install and start Docker or Podman, or say where the engine is: set DOCKER_HOST, or run `docker context use`",
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
  PidsLimit: z.boolean().default(false), // what is not told is not believed
  SystemTime: z.iso.datetime({ offset: true }).optional().catch(undefined),
  DefaultRuntime: z.string().default(""),
  Runtimes: z
    .record(z.string(), z.object({ path: z.string().optional(), runtimeType: z.string().optional() }))
    .default({}),
});

async function open(endpoint: Endpoint, limits: TimeLimits): Promise<Engine> {
  const { default: Client } = await import("dockerode");
  const options = clientOptions(endpoint);
  const limited = (more: object) => withDebugLog(withTimeLimits(new Client({ ...options, ...more }), limits));
  const { ApiVersion, Components } = versionAnswer.parse(await limited({}).version());
  if (isOlder(ApiVersion, oldestApi)) {
    throw new UnreachableError(
      "OC0000",
      `The Docker engine at ${endpoint.address} is too old: it speaks API ${ApiVersion}`,
      `Version ${oldestApi} is needed, which Docker Engine 20.10 and newer have`,
    );
  }
  const version = isOlder(ApiVersion, newestApi) ? ApiVersion : newestApi;
  const client = limited({ version: `v${version}` });
  const info = infoAnswer.parse(await client.info());
  const ahead = info.SystemTime === undefined ? 0 : Date.parse(info.SystemTime) - Date.now();
  const podman = isPodman(Components);
  return {
    client,
    address: endpoint.address,
    // Podman draws a new ID for every call.
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

/** By its name, and by its program, as the name is the administrator's choice. */
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
