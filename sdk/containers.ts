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
 * Looks up one container, without managing it and without prolonging its life. In a Pulumi program it looks at each
 * preview and update; outside of one it works as well, with credentials and settings from the environment alone.
 *
 * ```ts
 * const { id, status, lastActiveAt } = await getContainer({ name: "analysis", backend: "docker" });
 * ```
 *
 * @throws pulumi.RunError, as a rejection, where there is no such container, where several of that name are alive, where
 * the account or engine cannot be looked at, and for arguments that are wrong
 */
export function getContainer(args: GetContainerArgs): Promise<GetContainerResult> {
  return lookUps().getOne(args);
}

/**
 * {@link getContainer} for arguments that may be outputs. Nothing is looked up while one of them is not known in a
 * preview: the result is not known then either.
 */
export function getContainerOutput(args: GetContainerOutputArgs): pulumi.Output<GetContainerResult> {
  return pulumi.output(args).apply(getContainer);
}

/**
 * Looks up all containers of an account or an engine, the newest first, without managing them and without prolonging
 * their lives. Expired ones are told as long as the place remembers them.
 *
 * ```ts
 * const { containers } = await getContainers({ status: "running" });
 * ```
 *
 * @throws pulumi.RunError, as a rejection, where the account or engine cannot be looked at, where an account tells of
 * more than 10,000 containers (a `name` narrows that down), and for arguments that are wrong
 */
export async function getContainers(args: GetContainersArgs = {}): Promise<GetContainersResult> {
  return { containers: await lookUps().getAll(args) };
}

/**
 * {@link getContainers} for arguments that may be outputs. Nothing is looked up while one of them is not known in a
 * preview: the result is not known then either.
 */
export function getContainersOutput(args: GetContainersOutputArgs = {}): pulumi.Output<GetContainersResult> {
  return pulumi.output(args).apply(getContainers);
}

/** Loaded by the first look-up, so that no program waits at its start for the provider and its backends. */
function lookUps(): typeof import("../provider/data-sources") {
  return require("../provider/data-sources");
}
