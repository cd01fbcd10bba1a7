import type { CodeEntries } from "./code-entry";

/** OC26xx: Images, their registries, and runtimes on a Docker engine. */
export const imageCodes = {
  OC2601: {
    message: "The registry … denied the pull of … without credentials (…): …",
    cause:
      "The image is private, or does not exist: a registry may deny what it does not have. Credentials are looked for on the machine that runs Pulumi, as Docker's client does. The message names the file that has none, or refers to the warning (OC2610 or OC2611) that says why they cannot be used.",
    remedy:
      "Run `docker login` for that registry, set `DOCKER_CONFIG` to the folder that has its credentials, or correct `docker.image`.",
  },
  OC2602: {
    message: "The registry … denied the pull of … with the credentials from …: …",
    cause:
      "The credentials have expired, are another user's, or do not allow pulls; or the image does not exist. The message names the file or the credential helper that has them.",
    remedy: "Run `docker login` for that registry again, or correct `docker.image`.",
  },
  OC2603: {
    message: "The registry … limits pulls, and refused that of …: …",
    cause: "The registry answered 429: too many pulls by this user or from this address.",
    remedy:
      "Run the same command again later; the registry's own words may say when. Registries allow more pulls to users that are logged in.",
  },
  OC2604: {
    message: "The registry … does not have …: …",
    cause: "The repository, the tag or the digest does not exist. A digest may have been deleted.",
    remedy: "Correct `docker.image`.",
  },
  OC2605: {
    message: "The registry … has … for other processors than that of the Docker engine at … (…): …",
    cause: "The image's list of platforms does not have the engine's.",
    remedy: "Set `docker.image` to an image for the engine's processor, or build one.",
  },
  OC2606: {
    message: "The Docker engine at … cannot reach the registry …, so it cannot pull …: …",
    cause: "The engine's host cannot resolve or reach the registry, the registry is down, or it closes the connection.",
    remedy:
      "Correct `docker.image`, or the engine's network, name server or proxy. Without a registry, add the image with `docker load` or `docker import`.",
  },
  OC2607: {
    message: "The Docker engine at … has no TLS connection to the registry …, so it cannot pull …: …",
    cause: "The engine does not trust the registry's certificate, or the registry has no TLS.",
    remedy:
      "Put the registry's CA certificate on the engine's host, as `/etc/docker/certs.d/REGISTRY/ca.crt`. List a registry without TLS under `insecure-registries` in the engine's configuration.",
  },
  OC2608: {
    message: "The pull of … to the Docker engine at … stalled: …",
    cause: "For ten minutes the registry sent no data, and no layer was unpacked; or it did not respond at all.",
    remedy:
      "Check the connection of the engine's host to the registry, and run the same command again: it goes on with the layers that are missing.",
  },
  OC2609: {
    message: "The Docker engine at … has no image with the id …",
    cause: "`docker.image` is an image's id. Only names can be pulled.",
    remedy: "Add the image with `docker load` or `docker build`, or set `docker.image` to a name.",
  },
  OC2610: {
    message: "Cannot read the credentials of registries from …: …",
    cause:
      "A warning: the Docker client's `config.json`, or the variable `DOCKER_AUTH_CONFIG`, is not readable or has another form. Images are pulled without credentials.",
    remedy: "Correct it, or run `docker login` again. Its content is not quoted, as it has passwords.",
  },
  OC2611: {
    message: "The credential helper … (from …) has no answer for the registry …: …",
    cause:
      "A warning: the program that `credsStore` or `credHelpers` in the Docker client's `config.json` names is missing, failed, did not respond in a minute, or printed something else than credentials. Images are pulled without credentials.",
    remedy:
      "Install or repair it (its `list` command shows what it has, without passwords), or remove it from that file and run `docker login`. Its output is not quoted.",
  },
  OC2612: {
    message: "the image … is for another processor (…) than that of the Docker engine at … (…)",
    cause: "A warning: without emulation the engine's host cannot run the image's programs, and with it they are slow.",
    remedy: "Set `docker.image` to an image for the engine's processor.",
  },
  OC2613: {
    message: "The Docker engine at … does not have the runtime …: it has …",
    cause: "`docker.runtime` is misspelt, or is not registered with the engine. The message lists those that are.",
    remedy:
      "Correct or remove `docker.runtime`, or add the runtime to the engine's configuration (`runtimes` in daemon.json) and restart the engine.",
  },
  OC2614: {
    message: "The Docker engine at … ignored the runtime …, so the sandbox was not started",
    cause: "The engine runs containers in another runtime than a request names, and reports no error: Podman does.",
    remedy:
      "Remove `docker.runtime`, or use an engine that applies it. Podman's own default is `runtime` in its containers.conf.",
  },
  OC2615: {
    message:
      "The runtime … (…) does not support allow lists: it gives each container a kernel of its own, in which no gateway can listen",
    cause:
      "`docker.runtime` is gVisor, Kata Containers or Firecracker, by its name or by the program that the engine has for it.",
    remedy: 'Use `networkPolicy: { type: "disabled" }`, or set `docker.runtime` to runc or crun.',
  },
  OC2616: {
    message: "container … keeps its image …: … is now … on its engine",
    cause:
      "A warning: since the container was created, the tag in `docker.image` was pulled or built again on its engine. A moved tag alone replaces no container.",
    remedy:
      "Run `pulumi up --replace` with the container's URN to take the new image, or pin the image: `python@sha256:…`, or an image's id.",
  },
  OC2617: {
    message: "docker.runtime: in gVisor a sandbox always counts as in use, so expiresAfter does not end it",
    cause:
      "A warning: a sandbox's watchdog finds new processes by the last process number in `/proc/loadavg`, which is always 0 in gVisor (google/gvisor#126). The runtime is the container's or the engine's default.",
    remedy: "Remove the sandbox by `pulumi destroy` when it is not needed any more, or choose another runtime.",
  },
} as const satisfies CodeEntries;
