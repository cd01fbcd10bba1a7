import type Docker from "dockerode";
import type { ContainerInspectInfo } from "dockerode";
import { memoryLimitBytes } from "../../../model/container";
import type { Observed } from "../../../model/record";
import { BackendError } from "../../backend";
import type { Engine } from "../engine/engine";
import { failureStatus } from "../engine/failure";
import { polls } from "../engine/polling";
import { runtimeOf } from "../engine/runtimes";
import { dataFolder, dataVolume, idOf, memoryLimitFrom, policyFrom, secondsOf } from "../sandbox/container-spec";

const settlingMs = 2_000; // in which a command that cannot go on ends

/** Containers that this package did not create, and that a program imported. */

/** The observed state. The id is the engine's, as a name may change. Without a watchdog it never expires. */
export function foreignFrom(inspected: ContainerInspectInfo, engine: Engine): Observed {
  const { Id, Created, Config, HostConfig, Image, State } = inspected;
  const hasEnded = ["exited", "dead", "created"].includes(State.Status);
  return {
    id: Id,
    name: idOf(inspected),
    status: hasEnded ? "stopped" : State.Status,
    createdAt: secondsOf(Created),
    memoryLimit: memoryLimitFrom(HostConfig.Memory ?? 0, HostConfig.MemorySwap ?? 0),
    networkPolicy: policyFrom(Id, inspected),
    docker: { image: Config.Image, ...runtimeOf(engine, inspected) },
    imageId: Image,
  };
}

/** The clause about an engine that reports limits as they were requested, and ignores them. */
export function ignoredLimits({ limits }: Engine): string[] {
  return limits.memory && limits.swap ? [] : ["its engine ignores limits of memory and swap"];
}

/** The clause about a memory limit that is no tier, or does not include swap. */
export function memoryRefusal({ memoryLimit, name }: Observed): string[] {
  const tiers = Object.keys(memoryLimitBytes);
  if (memoryLimit !== undefined && tiers.includes(memoryLimit)) return [];
  const command = `docker update --memory 1g --memory-swap 1g ${name}`;
  const limit = memoryLimit?.startsWith("0 bytes")
    ? "it has no memory limit"
    : `its memory is limited to ${memoryLimit}, and not to ${tiers.join(", ")} with swap included`;
  return [`${limit} (${command})`];
}

/** What a sandbox has and this container has not. */
export function missingIn({ Config, HostConfig, Mounts }: ContainerInspectInfo): string[] {
  const hasData = Mounts.some(({ Destination }) => Destination === dataFolder || Destination === dataVolume);
  const isRoot = /^(?:root|0+)?(?::|$)/.test(Config.User);
  const { PidsLimit } = HostConfig;
  const dropped: string[] = HostConfig.CapDrop ?? [];
  const options: string[] = HostConfig.SecurityOpt ?? [];
  return [
    "idle expiry",
    ...(HostConfig.ReadonlyRootfs ? [] : ["a read-only root"]),
    ...(dropped.includes("ALL") ? [] : ["dropped capabilities"]),
    ...(options.some((option) => option.startsWith("no-new-privileges")) ? [] : ["no-new-privileges"]),
    ...(isRoot ? ["an unprivileged user"] : []),
    ...(hasData ? [] : [dataFolder]),
    ...(PidsLimit && PidsLimit > 0 ? [] : ["a limit of processes"]),
  ];
}

/**
 * Starts such a container, unless it runs.
 * @throws BackendError where its command ends at once, and the client's error
 */
export async function startForeign(container: Docker.Container, engine: Engine): Promise<Observed> {
  await container.start().catch((error: unknown) => {
    if (failureStatus(error) !== 304) throw error;
  });
  let inspected = await container.inspect();
  for await (const _ of polls(settlingMs)) {
    inspected = await container.inspect();
    if (!inspected.State.Running) break;
  }
  const observed = foreignFrom(inspected, engine);
  if (observed.status !== "stopped") return observed;
  throw new BackendError(
    "OC2410",
    `Container ${observed.id} ended at once with exit code ${inspected.State.ExitCode}`,
    `Look into \`docker logs ${observed.name}\`, or replace the container (\`pulumi up --replace\` with its URN)`,
  );
}
