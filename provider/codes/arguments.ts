import type { CodeEntries } from "./code-entry";

/** OC10xx: arguments that a check refuses, the backend that a container is for, and warnings about both. */
export const argumentCodes = {
  OC1001: {
    message: "…: missing, expected …",
    cause: "An argument that has no default is not set, or is undefined.",
    remedy: "Set the argument that the path names.",
  },
  OC1002: {
    message: "…: unknown property",
    cause: "There is no argument of this name: it may be misspelt, or belong in another object.",
    remedy: "Correct or remove the argument. docs/container.md lists the arguments.",
  },
  OC1003: {
    message: "…: got …, expected …",
    cause: "The argument's type, length or value is not allowed. The value is not quoted, as it could be a secret.",
    remedy: "Write a value that the message expects.",
  },
  OC1004: {
    message: "…: got …, expected …",
    cause:
      "The argument does not fit another one: the domain of a secret is not in the allow list, or a member that may occur once occurs twice.",
    remedy: "Change or remove one of the two.",
  },
  OC1005: {
    message: "…: got …, which the … backend does not support, expected …",
    cause: "The container's backend cannot apply the argument, and an argument is never ignored.",
    remedy: "Remove the argument, change it as the message says, or choose another `backend`.",
  },
  OC1006: {
    message: "… must be …",
    cause: "The container sets no `backend`, and the setting that supplies the default names none that exists.",
    remedy: "Correct the setting that the message names, or set `backend` on the container.",
  },
  OC1007: {
    message: "There is no backend …. It must be ….",
    cause: "An argument, a setting or the state names a backend that this release does not have.",
    remedy:
      "Correct the argument or the setting that the message names. If a newer release created the container, upgrade the package.",
  },
  OC1008: {
    message: "docker.egress.privateRanges: allowed domains may resolve to the private networks …",
    cause: "The allow list lets the sandbox connect to servers in private networks.",
    remedy: "Nothing, if that is intended. Otherwise remove the ranges.",
  },
  OC1009: {
    message:
      "docker.egress.certificateAuthorities: … can issue a certificate for any allowed domain, and so receive its secrets",
    cause: "The sandbox's gateway trusts CA certificates besides the public ones.",
    remedy: "Nothing, if that is intended. Otherwise remove the certificates.",
  },
  OC1010: {
    message: "the connection to the API at … is not encrypted",
    cause: "The API's address begins with http:// and is on another host.",
    remedy: "Use an https:// address.",
  },
  OC1011: {
    message: "the connection to the Docker engine at … is not encrypted",
    cause: "The engine's address is a TCP port of another host, without TLS.",
    remedy: "Set `DOCKER_TLS_VERIFY` and `DOCKER_CERT_PATH`, or use an `ssh://` address.",
  },
} as const satisfies CodeEntries;
