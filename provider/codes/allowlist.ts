import type { CodeEntries } from "./code-entry";

/** OC23xx: allow lists on Docker. */
export const allowlistCodes = {
  OC2301: {
    message:
      "The Docker engine at … does not support allow lists: its default runtime (…) gives each container a kernel of its own, in which no gateway can listen",
    cause: "The engine's default runtime is gVisor, Kata Containers or Firecracker.",
    remedy: 'Use `networkPolicy: { type: "disabled" }`, or an engine whose default runtime is runc or crun.',
  },
  OC2302: {
    message: "The gateway image … has no `node`: the gateways of allow lists run on Node",
    cause: "`openai-containers:gatewayImage` is set to an image without Node.",
    remedy: "Set it to an image with Node 20.19 or newer, or unset it.",
  },
  OC2303: {
    message: "The gateway of … did not apply its policy: …",
    cause: "The gateway ended, or did not respond within 30 seconds, as on an overloaded host.",
    remedy: "See the gateway's log (`docker logs cntr_…-gateway`), and run the same command again.",
  },
  OC2304: {
    message: "The gateway of … cannot listen inside its sandbox: …",
    cause: "A program inside the sandbox took one of the gateway's ports while the gateway did not run.",
    remedy:
      "Stop the program that listens on that port in the sandbox, or replace the container (`pulumi up --replace` with its URN).",
  },
  OC2305: {
    message: "Cannot restart the gateway of …: its network policy in Pulumi's state is incomplete",
    cause: "State has no valid allow list for the container, as after an import: its secrets are in state alone.",
    remedy: "Replace the container (`pulumi up --replace` with its URN).",
  },
  OC2306: {
    message: "There is no gateway of … at …: the container has no allow list, was deleted, or is on another engine",
    cause: "The audit log is the log of the sandbox's gateway, and this engine has no such gateway.",
    remedy: "Check the id, and set `DOCKER_HOST` or `DOCKER_CONTEXT` to the container's engine.",
  },
  OC2307: {
    message: "Cannot remove the network … of a deleted sandbox: other containers are connected to it",
    cause: "An earlier build created a network for the sandbox, and somebody connected other containers to it.",
    remedy:
      "Disconnect the containers that `docker network inspect` lists for it (`docker network disconnect`), and run the same command again.",
  },
  OC2308: {
    message: "The Docker engine at … does not support allow lists: it may not set process limits (…)",
    cause:
      "The gateway of an allow list runs without core dumps, which is a process limit (ulimit), and the engine lacks the capability to set limits.",
    remedy: 'Run the engine with CAP_SYS_RESOURCE, or use `networkPolicy: { type: "disabled" }`.',
  },
} as const satisfies CodeEntries;
