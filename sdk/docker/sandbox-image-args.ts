import type { types } from "@pulumi/docker";
import type { Input } from "@pulumi/pulumi";

/** The engine that gets the image, which has to be the engine of its containers, and its credentials for registries. */
export interface SandboxImageEngine {
  /**
   * The engine's address, as `dockerHost` of a `Provider` has it. Default: the engine that containers without a `Provider`
   * use. Changing the engine makes the image anew.
   */
  readonly dockerHost?: Input<string | undefined>;
  /** A context of the Docker client, in place of `dockerHost`. */
  readonly dockerContext?: Input<string | undefined>;
  /**
   * Credentials for `reference`; always a Pulumi secret. Refused with a `docker.Provider` in the options, which has its own.
   * Default: none. A build uses those of the Docker client's configuration.
   */
  readonly registryAuth?: Input<Input<types.input.ProviderRegistryAuth>[] | undefined>;
}

/** An image of a registry, pinned to its digest. */
export interface PinnedImageArgs extends SandboxImageEngine {
  /**
   * `python:3.12-slim-bookworm`, `ghcr.io/acme/tools:2`. A digest, `ghcr.io/acme/tools@sha256:…`, needs no request to the
   * registry but the pull. A tag is resolved once: when it moves, a warning says so, and the stack keeps the image.
   * Changing the reference pulls the new image.
   */
  readonly reference: Input<string>;
  readonly build?: never;
  readonly dockerfile?: never;
}

/** An image that is built from a base and packages. */
export interface SandboxImageBuildArgs extends SandboxImageEngine {
  readonly build: SandboxImageBuild;
  readonly reference?: never;
  readonly dockerfile?: never;
}

/** What an image is built of. Changing it builds the image again. */
export interface SandboxImageBuild {
  /**
   * The image that it begins with. Default: one near the hosted runtime, with Debian 12, Python 3.11, Node 22, Java 17,
   * PHP 8.2, Ruby 3.1 and Go 1.23, for linux/amd64 and linux/arm64.
   */
  readonly base?: string;
  /** Debian packages: `jq`, `curl=7.88.1-10+deb12u14`. Default: none. The base has to be Debian or Ubuntu. */
  readonly apt?: readonly string[];
  /** Python packages with exact versions: `pandas==2.3.3`. Default: none. The base has to have pip. */
  readonly pip?: readonly string[];
  /** npm packages with exact versions, installed globally: `typescript@5.9.3`. Default: none. The base has to have npm. */
  readonly npm?: readonly string[];
  /**
   * Files and folders to copy: absolute paths in the image, and for each a path on this machine, relative to the program's
   * folder. Everybody may read them in the image. Not under `/mnt`, `/tmp`, `/dev`, `/proc`, `/sys` or `/home/oai/skills`,
   * where a sandbox has its own. A folder has no symbolic links, FIFOs, sockets and devices, which are refused; it is copied
   * without `.git`, `node_modules/.cache`, empty folders and the program's own `node_modules`. Default: none.
   */
  readonly files?: Readonly<Record<string, string>>;
}

/** An image that is built from a Dockerfile of your own. */
export interface DockerfileImageArgs extends SandboxImageEngine {
  /** The Dockerfile, relative to the program's folder. Changing its text or a file of the context builds the image again. */
  readonly dockerfile: string;
  /** The folder of its context. Default: the Dockerfile's. */
  readonly context?: string;
  readonly reference?: never;
  readonly build?: never;
}

/** The arguments of a {@link SandboxImage}: exactly one of `reference`, `build` and `dockerfile`. */
export type SandboxImageArgs = PinnedImageArgs | SandboxImageBuildArgs | DockerfileImageArgs;
