import type { CodeEntries } from "./code-entry";

/** OC22xx: Docker engines, images and sandboxes. */
export const engineCodes = {
  OC2201: {
    message: "No Docker engine found: none of the usual sockets exists (…)",
    cause:
      "No engine is configured, and none runs at a usual socket of Docker, Colima, Rancher Desktop, OrbStack or Podman.",
    remedy:
      "Install and start Docker or Podman. If the engine has another address, set `DOCKER_HOST`, or select its context with `docker context use`.",
  },
  OC2202: {
    message: "There is no Docker engine at …: the socket does not exist",
    cause: "The engine is not running, or the configured address is wrong.",
    remedy: "Start the engine, or correct the address in the setting that the message names.",
  },
  OC2203: {
    message: "Connection refused by the Docker engine at …: it is not running",
    cause: "The engine has stopped and its socket is still there, or nothing listens on the configured port.",
    remedy: "Start the engine, or correct the address in the setting that the message names.",
  },
  OC2204: {
    message: "Permission denied connecting to the Docker daemon at …",
    cause: "The user that runs Pulumi may not open the engine's socket.",
    remedy:
      "Join the `docker` group (`sudo usermod -aG docker $USER`, then log in again), or use a rootless engine. The group gives root's permissions on the host.",
  },
  OC2205: {
    message: "The Docker engine at … does not respond (…): it hangs, or its host is overloaded",
    cause: "The engine accepted a request and sent no response before the timeout.",
    remedy: "Check whether `docker ps` responds. If it does not, restart the engine. Then run the same command again.",
  },
  OC2206: {
    message: "Cannot reach the host of the Docker engine at … (…)",
    cause: "The host's name cannot be resolved, or there is no route to the host.",
    remedy: "Correct the address, or connect to the host's network or VPN.",
  },
  OC2207: {
    message: "TLS handshake with the Docker engine at … failed (…): one side does not accept the other's certificate",
    cause: "The engine's certificate is not signed by ca.pem, or the engine does not accept cert.pem.",
    remedy: "Check the files ca.pem, cert.pem and key.pem in `DOCKER_CERT_PATH`, or those of the context.",
  },
  OC2208: {
    message: "No usable response from the Docker engine at …: …",
    cause: "The connection was closed, the engine expects TLS, or another service than an engine listens there.",
    remedy: "Check with `docker version` whether the engine runs, and set `DOCKER_TLS_VERIFY` if it expects TLS.",
  },
  OC2209: {
    message: "Unsupported Docker engine address … (from …): …",
    cause:
      "The configured address has another scheme than unix, npipe, tcp, http, https and ssh, or its host, its port or its path is wrong. A query is not supported, and not quoted.",
    remedy: "Use `unix:///path/to.sock`, `tcp://host:port` or `ssh://user@host`.",
  },
  OC2210: {
    message: "Cannot read …: TLS with the Docker engine needs it",
    cause: "A certificate or key for the connection to the engine is missing or not readable.",
    remedy:
      "Put ca.pem, cert.pem and key.pem into the folder that `DOCKER_CERT_PATH` names, or unset `DOCKER_TLS_VERIFY`. Those of a context are updated with `docker context update`.",
  },
  OC2211: {
    message: "Cannot read the current Docker context from …: …",
    cause: "The Docker client's config.json is not valid JSON, or not readable. It may name another engine.",
    remedy: "Repair that file, or set `DOCKER_HOST` or `DOCKER_CONTEXT`.",
  },
  OC2212: {
    message: "There is no Docker context … (from …)",
    cause: "The context was removed or renamed, is misspelt, or is another user's.",
    remedy: "Set `DOCKER_CONTEXT` or `openai-containers:dockerContext` to a context that `docker context ls` lists.",
  },
  OC2213: {
    message: "The Docker engine at … is too old: its API version is …",
    cause: "The backend needs API version 1.41.",
    remedy: "Use Docker Engine 20.10 or newer.",
  },
  OC2214: {
    message: "The disk of the Docker engine at … is full",
    cause: "There is no space for an image or a container on the engine's disk, or a quota is used up.",
    remedy: "Free disk space there, for example with `docker system prune`.",
  },
  OC2215: {
    message: "The image … was removed from the Docker engine at … during this run",
    cause: "The engine had the image when the run checked for it, and has it no longer.",
    remedy: "Run the same command again to pull it.",
  },
  OC2216: {
    message: "The image … has no shell: /bin/sh, which runs a sandbox's watchdog, is missing",
    cause: "A sandbox's first process is a shell script, which terminates the sandbox after its idle time.",
    remedy: "Set `docker.image` to an image with `/bin/sh`, `sleep` and `rm`.",
  },
  OC2217: {
    message: "The Docker engine at … refused a request (HTTP …): …",
    cause: "The engine reported an error that this package does not know.",
    remedy: "Read the engine's error at the end of the message, and the engine's log.",
  },
  OC2218: {
    message: "Cannot pull the image … to the Docker engine at …: …",
    cause: "The image does not exist, its registry cannot be reached, or the registry requires a login.",
    remedy:
      "Set `docker.image` to an image that `docker images` lists there, or add it with `docker pull`, `docker load` or `docker import`.",
  },
  OC2219: {
    message: "The Docker engine at … cannot limit …: its sandboxes would run without limits",
    cause: "The engine lacks cgroup controllers. It would accept the limits and not enforce them.",
    remedy:
      "Use an engine on cgroup v2, and delegate the controllers to it if it is rootless. On cgroup v1, boot with `cgroup_enable=memory swapaccount=1`.",
  },
  OC2220: {
    message: "…: memoryLimit … exceeds the memory of the Docker engine's host (… GiB)",
    cause: "A warning: the host runs out of memory before the sandbox reaches its limit.",
    remedy: "Use a smaller `memoryLimit`, or a host with more memory.",
  },
  OC2221: {
    message: "The sandbox's watchdog …: …",
    cause:
      "The sandbox's first process ended at once, or was not ready in time: the image is for another CPU architecture, or lacks `sleep` or `rm`, or the host is overloaded.",
    remedy:
      "Use an image for the engine's CPU architecture, with a POSIX shell at `/bin/sh`, `sleep` and `rm`. Its output is at the end of the message.",
  },
  OC2222: {
    message: "No Docker engine can listen at …: it is not a socket",
    cause: "The configured address is the path of a folder or a plain file.",
    remedy: "Correct the address in the setting that the message names, such as `unix:///var/run/docker.sock`.",
  },
  OC2223: {
    message: "The address of the Docker engine (from …) cannot be used: it has a user name or a password",
    cause: "No engine takes them, and an address is printed in messages. So the message does not quote it.",
    remedy:
      "Remove them. An engine authenticates its clients by certificates (`DOCKER_TLS_VERIFY` and `DOCKER_CERT_PATH`), and `ssh://` by keys.",
  },
  OC2224: {
    message: "Cannot copy the files and skills of … again: their record in Pulumi's state is incomplete",
    cause:
      "The sandbox was created only in part, and the `fileIds` or `skills` in Pulumi's state are missing or of another release.",
    remedy: "Replace the container: `pulumi up --replace` with its URN.",
  },
  OC2225: {
    message: "Cancelled while it waited for others at the Docker engine at …: Pulumi is shutting down",
    cause:
      "The run was interrupted twice while a create, start or removal waited: some go on at a time. Nothing of it was done.",
    remedy: "Run the same command again.",
  },
  OC2226: {
    message: "Not begun: the Docker engine at … does not respond to the requests for others",
    cause:
      "Some sandboxes go on at a time. The engine responded to none of them, and nothing was done of those that waited.",
    remedy:
      "Check that the engine is running (`docker ps`), restart it if that hangs too, and run the same command again.",
  },
} as const satisfies CodeEntries;
