import type { Input } from "@pulumi/pulumi";

/** A memory tier, in GiB. */
export type MemoryLimit = "1g" | "4g" | "16g" | "64g";

/** Where a container runs: the hosted Containers API, or a Docker engine. */
export type Backend = "openai" | "docker";

/** The container has no network access. */
export interface DisabledNetworkPolicy {
  readonly type: Input<"disabled">;
}

/** The container can reach these domains and nothing else. */
export interface AllowlistNetworkPolicy {
  readonly type: Input<"allowlist">;
  /**
   * Exact host names, at least one: `api.github.com`. No wildcards, addresses, ports or URLs, and no label that mixes
   * Latin, Cyrillic or Greek letters. Recorded in lower case, IDNA-encoded and without a final dot. A set: order and
   * duplicates have no meaning.
   */
  readonly allowedDomains: Input<Input<string>[]>;
  /** Credentials that code inside uses without ever reading them. A set by domain and name. Default: none. */
  readonly domainSecrets?: Input<Input<DomainSecret>[] | undefined>;
}

/** A value that is injected into requests to one domain, in place of a placeholder. */
export interface DomainSecret {
  /** One of the allowed domains. */
  readonly domain: Input<string>;
  /**
   * The name of the environment variable that holds the placeholder: letters, digits and underscores, no digit first.
   * Unique for a domain; several domains may have a secret of one name.
   */
  readonly name: Input<string>;
  /**
   * 1 to 10,485,760 characters without CR, LF and NUL; on Docker 8 to 16,384 bytes. State keeps it encrypted, as
   * {@link Container} marks it secret.
   */
  readonly value: Input<string>;
}

/** How long a container may be idle before it expires, and loses its files, packages and processes. */
export interface ExpiresAfter {
  readonly anchor: Input<"last_active_at">;
  /** Whole minutes, from 1 to 525,600. */
  readonly minutes: Input<number>;
}

/** A skill of the account. */
export interface SkillReference {
  readonly type: Input<"skill_reference">;
  /** The skill's id, 1 to 64 characters. */
  readonly skillId: Input<string>;
  /** A positive whole number, as number or as text, or `latest`. Default: the version that the API chooses. */
  readonly version?: Input<number | string | undefined>;
}

/** A skill that the program supplies. */
export interface InlineSkill {
  readonly type: Input<"inline">;
  /** At least 1 character. */
  readonly name: Input<string>;
  /** At least 1 character. */
  readonly description: Input<string>;
  readonly source: Input<InlineSkillSource | SkillFolderSource>;
}

/** A zip with one folder, and in it a `SKILL.md`. */
export interface InlineSkillSource {
  readonly type: Input<"base64">;
  readonly mediaType: Input<"application/zip">;
  /** The zip in base64 with padding: 1 to 70,254,592 characters, all of which state records. */
  readonly data: Input<string>;
}

/** A folder with a `SKILL.md`, as `skillFromFolder` describes it. State records no file of it. */
export interface SkillFolderSource {
  readonly type: Input<"folder">;
  /** Relative to the folder in which the program runs. */
  readonly path: Input<string>;
  /** SHA-256 of its contents, in 64 hexadecimal digits. */
  readonly sha256: Input<string>;
}

/** Options of the `docker` backend. */
export interface DockerOptions {
  /**
   * The container's image: a reference (`python:3.12`) or an id (`sha256:…`). It is pulled if the engine does not have
   * it, and must contain `/bin/sh`, `sleep` and `rm`.
   * Default: `python:3.11-slim-bookworm`, which is near the hosted runtime. Changing it replaces the container.
   */
  readonly image?: Input<string | undefined>;
  /**
   * The runtime in which the engine runs the container, one of those that `docker info` lists: `runsc` (gVisor) and
   * `kata-runtime` give it a kernel of its own, and support no allow list. Refused where the engine does not have it.
   * Default: the engine's default runtime. Changing it replaces the container.
   */
  readonly runtime?: Input<string | undefined>;
  /**
   * Private networks and CA certificates that the allow list accepts besides the public ones; refused where
   * `networkPolicy` is disabled. Default: none.
   * Changing it replaces the container.
   */
  readonly egress?: Input<DockerEgress | undefined>;
}

/** How the gateway of an allow list connects to the allowed domains. It allows no further domains. */
export interface DockerEgress {
  /**
   * CA certificates that are trusted besides the public ones: texts with one or more certificates in PEM, such as
   * `readFileSync("company-ca.pem", "utf8")`. A set: order and duplicates have no meaning. Default: none.
   */
  readonly certificateAuthorities?: Input<Input<string>[] | undefined>;
  /**
   * Private networks to which the allowed domains may resolve, such as `10.1.0.0/16`, within 10.0.0.0/8, 100.64.0.0/10,
   * 172.16.0.0/12, 192.168.0.0/16 and 198.18.0.0/15. A set: order and duplicates have no meaning. Default: none, so that
   * a domain which resolves to a private address cannot be reached.
   */
  readonly privateRanges?: Input<Input<string>[] | undefined>;
}

/**
 * The arguments of a {@link Container}. The Containers API has no update, so changing any of them replaces the
 * container. A preview reports invalid arguments, with the property's path. Null means the same as left out, so that an
 * output of a container can be an argument of another.
 */
export interface ContainerArgs {
  /**
   * 1 to 256 characters; need not be unique. Default: the resource's name and eight random hex digits, which are kept
   * while the container lives. Changing it replaces the container.
   */
  readonly name?: Input<string | undefined>;
  /**
   * The container's memory limit. Default: `1g`. On Docker it is the limit of memory and swap together, and an engine
   * that cannot enforce it is refused. Changing it replaces the container.
   */
  readonly memoryLimit?: Input<MemoryLimit | undefined>;
  /**
   * The domains that the container may reach. Default: `{ type: "disabled" }`, no network access. No backend returns
   * domain secrets: they are compared with the recorded ones. Changing it replaces the container.
   */
  readonly networkPolicy?: Input<DisabledNetworkPolicy | AllowlistNetworkPolicy | undefined>;
  /**
   * When the container expires. Default: `{ anchor: "last_active_at", minutes: 20 }`. On Docker a sandbox is in use
   * while `docker exec` runs in it and whenever a process starts in it. Changing it replaces the container.
   */
  readonly expiresAfter?: Input<ExpiresAfter | undefined>;
  /**
   * Ids of files of the account (`file-…`), each at least 1 character, which are copied into the container. A set: order
   * and duplicates have no meaning. Default: none. On Docker they are downloaded, with the API key of the hosted backend's
   * settings. No backend returns them: they are compared with the recorded ones. Changing it replaces the container.
   */
  readonly fileIds?: Input<Input<string>[] | null | undefined>;
  /**
   * The container's skills, each once; their order matters. Default: none. On Docker, skills of the account are downloaded,
   * with the API key of the hosted backend's settings. No backend returns them: they are compared with the recorded ones.
   * Changing it replaces the container.
   */
  readonly skills?: Input<Input<SkillReference | InlineSkill>[] | null | undefined>;
  /**
   * Where the container runs. Default: the stack's `openai-containers:backend`, or else `openai`. Changing it replaces
   * the container.
   */
  readonly backend?: Input<Backend | undefined>;
  /** Options of the `docker` backend, refused by other backends. Changing any of them replaces the container. */
  readonly docker?: Input<DockerOptions | null | undefined>;
}
