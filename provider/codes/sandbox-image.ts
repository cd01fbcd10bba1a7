import type { CodeEntries } from "./code-entry";

/** OC41xx: images of sandboxes, `SandboxImage`. */
export const sandboxImageCodes = {
  OC4101: {
    message: "SandboxImage … needs one of reference, build and dockerfile, and got …",
    cause: "The arguments have none of the three, or several of them.",
    remedy: "Pass exactly one of them. See [SandboxImage](sandbox-image.md).",
  },
  OC4102: {
    message: "SandboxImage … got invalid arguments: …",
    cause:
      "An argument has a wrong type or value, or does not exist. Packages are words of a shell command in the build, so only the characters of names and versions are allowed.",
    remedy: "Correct the arguments that the message names.",
  },
  OC4103: {
    message: "pulumi-openai-containers/docker needs the package @pulumi/docker, which cannot be found",
    cause: "`@pulumi/docker` is an optional peer dependency, and the program has not installed it.",
    remedy: "Run `npm install @pulumi/docker` in the program's folder.",
  },
  OC4104: {
    message: "… moved in its registry from … to …: this stack keeps the image that it has",
    cause: "A warning: since the stack pulled the image, another image got the tag.",
    remedy:
      "Nothing, to keep the image. To take the new one, which replaces the containers of this image, write the reference with the digest that the message ends with, or run `pulumi up --replace` with the URN of the `RemoteImage`.",
  },
  OC4105: {
    message: "SandboxImage …: cannot read the digest of … from its registry: …",
    cause: "The image does not exist, its registry cannot be reached, or the registry requires a login.",
    remedy:
      "Correct the reference, or pass credentials in `registryAuth`. A reference with a digest (`REPOSITORY@sha256:…`) needs no look-up.",
  },
  OC4106: {
    message: "SandboxImage …: cannot read … (…): …",
    cause: "A file or folder for the build does not exist, or this user may not read it.",
    remedy: "Correct the path, which is relative to the program's folder, or the permissions.",
  },
  OC4107: {
    message: "SandboxImage …: registryAuth has no effect beside a docker.Provider in the options",
    cause: "The credentials of a registry are settings of the provider, and the program passes one.",
    remedy: "Pass `registryAuth` to that provider.",
  },
  OC4108: {
    message:
      "SandboxImage …: the Docker engine of the sandboxes, …, does not have the image …: the docker.Provider of the program uses …",
    cause: "`@pulumi/docker` has a client of its own, which uses another engine than the sandboxes.",
    remedy:
      "Set the provider's `host` to the address that the message names, or leave the provider out. If the sandboxes should use the other engine, set `dockerHost` of the image, and of the containers' `Provider`.",
  },
  OC4109: {
    message: "SandboxImage …: the Docker engine of the sandboxes, …, does not have the image …: it was removed",
    cause:
      "The image was removed from the engine since the stack pulled or built it, for example by `docker image prune`.",
    remedy: "Run `pulumi up --replace` with the URN that the message names, which pulls or builds the image again.",
  },
  OC4110: {
    message: "SandboxImage …: cannot copy … (…): … is …",
    cause:
      "A source of `build.files` has a symbolic link, a FIFO, a socket or a device, or is a folder without files. A link in a folder may lead out of it, for example to a private key, or to something else on each machine.",
    remedy:
      "Replace it by a file, or copy the folder's other parts by paths of their own. A path that the program names may be a link itself.",
  },
} as const satisfies CodeEntries;
