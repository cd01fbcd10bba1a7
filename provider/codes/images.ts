import type { CodeEntries } from "./code-entry";

/** OC25xx: Images, their registries, and runtimes on a Docker engine. */
export const imageCodes = {
  OC2501: {
    message: "The registry … denied the pull of … without credentials (none for it are in …): …",
    cause:
      "The image is private, or does not exist: a registry may deny what it does not have. Credentials are looked for on the machine that runs Pulumi, as Docker's client does.",
    remedy:
      "Run `docker login` for that registry, set `DOCKER_CONFIG` to the folder that has its credentials, or correct `docker.image`.",
  },
  OC2502: {
    message: "The registry … denied the pull of … with the credentials from …: …",
    cause:
      "The credentials have expired, are another user's, or do not allow pulls; or the image does not exist. The message names the file or the credential helper that has them.",
    remedy: "Run `docker login` for that registry again, or correct `docker.image`.",
  },
  OC2503: {
    message: "The registry … limits pulls, and refused that of …: …",
    cause: "The registry answered 429: too many pulls by this user or from this address.",
    remedy:
      "Run the same command again later; the registry's own words may say when. Registries allow more pulls to users that are logged in.",
  },
  OC2504: {
    message: "The registry … does not have …: …",
    cause: "The repository, the tag or the digest does not exist. A digest may have been deleted.",
    remedy: "Correct `docker.image`.",
  },
  OC2505: {
    message: "The registry … has … for other processors than that of the Docker engine at … (…): …",
    cause: "The image's list of platforms does not have the engine's.",
    remedy: "Set `docker.image` to an image for the engine's processor, or build one.",
  },
  OC2506: {
    message: "The Docker engine at … cannot reach the registry …, so it cannot pull …: …",
    cause: "The engine's host cannot resolve or reach the registry, the registry is down, or it closes the connection.",
    remedy:
      "Correct `docker.image`, or the engine's network, name server or proxy. Without a registry, add the image with `docker load` or `docker import`.",
  },
  OC2507: {
    message: "The Docker engine at … has no TLS connection to the registry …, so it cannot pull …: …",
    cause: "The engine does not trust the registry's certificate, or the registry has no TLS.",
    remedy:
      "Put the registry's CA certificate on the engine's host, as `/etc/docker/certs.d/REGISTRY/ca.crt`. List a registry without TLS under `insecure-registries` in the engine's configuration.",
  },
  OC2508: {
    message: "The pull of … to the Docker engine at … stalled: …",
    cause: "For ten minutes the registry sent no data, and no layer was unpacked; or it did not respond at all.",
    remedy:
      "Check the connection of the engine's host to the registry, and run the same command again: it goes on with the layers that are missing.",
  },
  OC2509: {
    message: "The Docker engine at … has no image with the id …",
    cause: "`docker.image` is an image's id. Only names can be pulled.",
    remedy: "Add the image with `docker load` or `docker build`, or set `docker.image` to a name.",
  },
  OC2510: {
    message: "Cannot read the credentials of registries from …: …",
    cause:
      "A warning: the Docker client's `config.json`, or the variable `DOCKER_AUTH_CONFIG`, is not readable or has another form. Images are pulled without credentials.",
    remedy: "Correct it, or run `docker login` again. Its content is not quoted, as it has passwords.",
  },
  OC2511: {
    message: "The credential helper … (from …) has no answer for the registry …: …",
    cause:
      "A warning: the program that `credsStore` or `credHelpers` in the Docker client's `config.json` names is missing, failed, did not respond in a minute, or printed something else than credentials. Images are pulled without credentials.",
    remedy:
      "Install or repair it (its `list` command shows what it has, without passwords), or remove it from that file and run `docker login`. Its output is not quoted.",
  },
  OC2512: {
    message: "the image … is for another processor (…) than that of the Docker engine at … (…)",
    cause: "A warning: without emulation the engine's host cannot run the image's programs, and with it they are slow.",
    remedy: "Set `docker.image` to an image for the engine's processor.",
  },
} as const satisfies CodeEntries;
