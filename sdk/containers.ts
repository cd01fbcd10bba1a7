import * as pulumi from "@pulumi/pulumi";
import type {
  GetContainerArgs,
  GetContainerOutputArgs,
  GetContainerResult,
  GetContainersArgs,
  GetContainersOutputArgs,
  GetContainersResult,
} from "./data-source-types";

/**
 * Reads one container, without managing it or prolonging its life. A Pulumi program reads it at each preview and update; a
 * script can call this as well, with credentials and settings from the environment alone.
 *
 * ```ts
 * const { id, status, lastActiveAt } = await getContainer({ name: "analysis", backend: "docker" });
 * ```
 *
 * @throws pulumi.RunError, as a rejection, where there is no such container or there are several unexpired ones of that
 * name, where the account or engine cannot be used, and for invalid arguments
 */
export function getContainer(args: GetContainerArgs): Promise<GetContainerResult> {
  return dataSources().getOne(args);
}

/**
 * {@link getContainer} for arguments that may be outputs. While one of them is unknown in a preview nothing is read, and
 * the result is unknown too.
 */
export function getContainerOutput(args: GetContainerOutputArgs): pulumi.Output<GetContainerResult> {
  return pulumi.output(args).apply(getContainer);
}

/**
 * Reads all containers of an account or an engine, the newest first, without managing them or prolonging their lives.
 * Expired ones are included for as long as the account or engine remembers them.
 *
 * ```ts
 * const { containers } = await getContainers({ status: "running" });
 * ```
 *
 * @throws pulumi.RunError, as a rejection, where the account or engine cannot be used, where an account lists more than
 * 10,000 containers (a `name` narrows that down), and for invalid arguments
 */
export async function getContainers(args: GetContainersArgs = {}): Promise<GetContainersResult> {
  return { containers: await dataSources().getAll(args) };
}

/**
 * {@link getContainers} for arguments that may be outputs. While one of them is unknown in a preview nothing is read, and
 * the result is unknown too.
 */
export function getContainersOutput(args: GetContainersOutputArgs = {}): pulumi.Output<GetContainersResult> {
  return pulumi.output(args).apply(getContainers);
}

/** Loaded by the first call, so that no program waits at its start for the provider and its backends. */
function dataSources(): typeof import("../provider/data-sources") {
  return require("../provider/data-sources");
}
