import type { Input } from "@pulumi/pulumi";

/** A memory tier, in GiB. */
export type MemoryLimit = "1g" | "4g" | "16g" | "64g";

/** Where a container runs: the hosted Containers API, or a Docker engine. */
export type Backend = "openai" | "docker";

/** The container reaches nothing. */
export interface DisabledNetworkPolicy {
  readonly type: Input<"disabled">;
}

/** The container reaches these domains and nothing else. */
export interface AllowlistNetworkPolicy {
  readonly type: Input<"allowlist">;
  /**
   * Exact host names, at least one: `api.github.com`. No wildcards, addresses, ports or URLs, and no label that mixes
   * Latin, Cyrillic or Greek letters. Recorded in lower case, IDNA-encoded and without a final dot. A set: order and
   * duplicates mean nothing.
   */
  readonly allowedDomains: Input<Input<string>[]>;
  /** Values that code inside uses without ever holding them. A set by domain and name. Default: none. */
  readonly domainSecrets?: Input<Input<DomainSecret>[] | undefined>;
}

/** A value that is put into requests to one domain, in place of a placeholder. */
export interface DomainSecret {
  /** One of the allowed domains. */
  readonly domain: Input<string>;
  /**
   * The placeholder's name, as of an environment variable: letters, digits and underscores, no digit first. Code inside
   * sees it as `$NAME`. Once for a domain; several domains may have a secret of one name.
   */
  readonly name: Input<string>;
  /**
   * 1 to 10,485,760 characters without CR, LF and NUL, on Docker at most 65,536. State keeps it encrypted, as
   * {@link Container} marks it secret.
   */
  readonly value: Input<string>;
}

/** How long a container may be idle before it expires: its files, packages and processes are gone then. */
export interface ExpiresAfter {
  readonly anchor: Input<"last_active_at">;
  /** Whole minutes, from 1 to 525,600. */
  readonly minutes: Input<number>;
}

/** A skill that the account has. */
export interface SkillReference {
  readonly type: Input<"skill_reference">;
  /** The skill's id, 1 to 64 characters. */
  readonly skillId: Input<string>;
  /** A positive whole number, as number or as text, or `latest`. Default: the one that the API chooses. */
  readonly version?: Input<number | string | undefined>;
}

/** A skill that the program hands over. */
export interface InlineSkill {
  readonly type: Input<"inline">;
  /** At least 1 character. */
  readonly name: Input<string>;
  /** At least 1 character. */
  readonly description: Input<string>;
  readonly source: Input<InlineSkillSource>;
}

/** A zip with one folder, and in it a `SKILL.md`. */
export interface InlineSkillSource {
  readonly type: Input<"base64">;
  readonly mediaType: Input<"application/zip">;
  /** The zip in base64 with padding: 1 to 70,254,592 characters, all of which state records. */
  readonly data: Input<string>;
}

/** Options of the `docker` backend. */
export interface DockerOptions {
  /**
   * The image that the container is made of: a reference (`python:3.12`) or an id (`sha256:…`). It is pulled where the
   * engine does not have it. It must have `/bin/sh`, `sleep` and `rm`.
   * Default: `python:3.11-slim-bookworm`, which is near the hosted runtime. Changing it replaces the container.
   */
  readonly image?: Input<string | undefined>;
  /**
   * What an allow list takes beyond the public internet, refused where `networkPolicy` is disabled. Default: nothing.
   * Changing it replaces the container.
   */
  readonly egress?: Input<DockerEgress | undefined>;
}

/** What the gateway of an allow list takes for its upstreams. The names stay those of `allowedDomains`. */
export interface DockerEgress {
  /**
   * Authorities that are trusted beside the public ones: texts with one or more certificates in PEM, such as
   * `readFileSync("company-ca.pem", "utf8")`. A set: order and duplicates mean nothing. Default: none.
   */
  readonly certificateAuthorities?: Input<Input<string>[] | undefined>;
  /**
   * Private networks in which the allowed domains may be, such as `10.1.0.0/16`, within 10.0.0.0/8, 100.64.0.0/10,
   * 172.16.0.0/12, 192.168.0.0/16 and 198.18.0.0/15. A set: order and duplicates mean nothing. Default: none, so that a
   * name which leads into a private network is not reached.
   */
  readonly privateRanges?: Input<Input<string>[] | undefined>;
}

/**
 * The arguments of a {@link Container}. The Containers API has no update, so changing any of them replaces the
 * container. Whatever is wrong with them is said in the preview, with the property's path. Null is as good as left out, so
 * that each output of a container can be an argument of another.
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
   * What the container may reach. Default: `{ type: "disabled" }`, no network at all. No backend returns domain
   * secrets: they are compared with what was recorded. Changing it replaces the container.
   */
  readonly networkPolicy?: Input<DisabledNetworkPolicy | AllowlistNetworkPolicy | undefined>;
  /**
   * When the container expires. Default: `{ anchor: "last_active_at", minutes: 20 }`. On Docker a sandbox is in use
   * while `docker exec` runs in it and whenever a process starts in it. Changing it replaces the container.
   */
  readonly expiresAfter?: Input<ExpiresAfter | undefined>;
  /**
   * Ids of files of the account (`file-…`), each at least 1 character, which are copied into the container. A set: order
   * and duplicates mean nothing. Default: none. Refused by the `docker` backend for now. The API never returns them:
   * they are compared with what was recorded. Changing it replaces the container.
   */
  readonly fileIds?: Input<Input<string>[] | null | undefined>;
  /**
   * What the container is taught, each skill once; their order counts. Default: none. Refused by the `docker` backend
   * for now. The API never returns them: they are compared with what was recorded. Changing it replaces the container.
   */
  readonly skills?: Input<Input<SkillReference | InlineSkill>[] | null | undefined>;
  /**
   * Where the container runs. Default: the stack's `openai-containers:backend`, or else `openai`. Changing it replaces
   * the container.
   */
  readonly backend?: Input<Backend | undefined>;
  /** Options of the `docker` backend, refused with another one. Changing any of them replaces the container. */
  readonly docker?: Input<DockerOptions | null | undefined>;
}
