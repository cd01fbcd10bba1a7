import type { Input } from "@pulumi/pulumi";

/** A memory tier, in GiB. */
export type MemoryLimit = "1g" | "4g" | "16g" | "64g";

/** Where a container runs: the hosted Containers API, or a Docker engine. */
export type Backend = "openai" | "docker";

/** The container reaches nothing. */
export interface DisabledNetworkPolicy {
  readonly type: Input<"disabled">;
}

/** The container reaches these domains, on ports 80 and 443, and nothing else. */
export interface AllowlistNetworkPolicy {
  readonly type: Input<"allowlist">;
  /** Exact names, at least one: `api.github.com`. */
  readonly allowedDomains: Input<Input<string>[]>;
  /** Values that code inside uses without ever holding them. */
  readonly domainSecrets?: Input<Input<DomainSecret>[] | undefined>;
}

/** A value that is put into requests to one domain, in place of a placeholder. */
export interface DomainSecret {
  /** One of the allowed domains. */
  readonly domain: Input<string>;
  /** The placeholder's name: code inside sees it as `$NAME`. */
  readonly name: Input<string>;
  /** Up to 10,485,760 characters. Give it as a Pulumi secret, so that state keeps it encrypted. */
  readonly value: Input<string>;
}

/** How long a container may be idle before it expires: its files, packages and processes are gone then. */
export interface ExpiresAfter {
  readonly anchor: Input<"last_active_at">;
  /** Whole minutes, from 1 to 525,600. */
  readonly minutes: Input<number>;
}

/** Options of the `docker` backend. */
export interface DockerOptions {
  /**
   * The image that the container is made of: a reference (`python:3.12`) or an id (`sha256:…`). It is pulled where the
   * engine does not have it. It must have `/bin/sh`, `sleep` and `rm`.
   * Default: `python:3.11-slim-bookworm`, which is near the hosted runtime. Changing it replaces the container.
   */
  readonly image?: Input<string | undefined>;
}

/**
 * The arguments of a {@link Container}. The Containers API has no update, so changing any of them replaces the
 * container. Whatever is wrong with them is said in the preview, with the property's path.
 */
export interface ContainerArgs {
  /**
   * 1 to 256 characters; need not be unique. Default: the resource's name and eight random hex digits, which stay
   * while the container lives. Changing it replaces the container.
   */
  readonly name?: Input<string | undefined>;
  /**
   * How much memory the container may use. Default: `1g`. On Docker it is the limit of memory and swap together, and
   * an engine that cannot limit is refused. Changing it replaces the container.
   */
  readonly memoryLimit?: Input<MemoryLimit | undefined>;
  /**
   * What the container may reach. Default: `{ type: "disabled" }`, no network at all. This release offers nothing
   * else on Docker. Changing it replaces the container.
   */
  readonly networkPolicy?: Input<DisabledNetworkPolicy | AllowlistNetworkPolicy | undefined>;
  /**
   * When the container expires. Default: `{ anchor: "last_active_at", minutes: 20 }`. On Docker a sandbox is in use
   * while `docker exec` runs in it and whenever a process starts in it. Changing it replaces the container.
   */
  readonly expiresAfter?: Input<ExpiresAfter | undefined>;
  /**
   * Where the container runs. Default: the stack's `openai-containers:backend`, or else `openai`, which this release
   * does not offer yet. Changing it replaces the container.
   */
  readonly backend?: Input<Backend | undefined>;
  /** Options of the `docker` backend, refused with another one. Changing any of them replaces the container. */
  readonly docker?: Input<DockerOptions | undefined>;
}
