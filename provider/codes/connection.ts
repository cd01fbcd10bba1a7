import type { CodeEntries } from "./code-entry";

/** OC25xx: contexts of the Docker client, and connections to engines by TLS and SSH. */
export const connectionCodes = {
  OC2501: {
    message: "Cannot read the Docker context … (from …) from …: …",
    cause: "The context's meta.json is not valid JSON, not readable, or has no Docker endpoint.",
    remedy:
      "Create the context again with `docker context rm` and `docker context create`, or select another one with `DOCKER_CONTEXT`.",
  },
  OC2502: {
    message: "Cannot use … for TLS with the Docker engine: …",
    cause:
      "The file is not a certificate or a private key in PEM format, or key.pem has a passphrase or is not the key of cert.pem.",
    remedy: "Replace it with the file that the engine's administrator issued. Store a key without its passphrase.",
  },
  OC2503: {
    message: "TLS handshake with the Docker engine at … failed: … expired on …",
    cause: "The named file, the CA certificate or the client's certificate, is no longer valid.",
    remedy: "Replace it with a valid one.",
  },
  OC2504: {
    message: "TLS handshake with the Docker engine at … failed: the engine's certificate has expired",
    cause: "The engine's own certificate is no longer valid, or this machine's clock is wrong.",
    remedy: "Renew the engine's certificate, or correct the clock.",
  },
  OC2505: {
    message: "The Docker engine at … does not speak TLS (…)",
    cause: "The connection uses TLS, and the response was not TLS.",
    remedy:
      "Use the port at which the engine expects TLS, 2376 by convention. Unset `DOCKER_TLS_VERIFY` only if the connection may be unencrypted.",
  },
  OC2506: {
    message: "The Docker engine at … expects TLS, and the connection has none",
    cause: "The address is that of a port with TLS, and no certificates are configured.",
    remedy:
      "Set `DOCKER_TLS_VERIFY=1`, and `DOCKER_CERT_PATH` to the folder with ca.pem, cert.pem and key.pem, or use a context with certificates.",
  },
  OC2507: {
    message: "Cannot connect to the Docker engine at …: there is no ssh command on this machine",
    cause: "An `ssh://` address is connected by the `ssh` command in `PATH`.",
    remedy: "Install an OpenSSH client, or use a `tcp://` address with TLS.",
  },
  OC2508: {
    message: "ssh cannot connect to the host of the Docker engine at …: …",
    cause: "The host's name cannot be resolved, or the host does not respond or refuses the connection.",
    remedy: "Correct the address, or connect to the host's network. Check with `ssh` itself.",
  },
  OC2509: {
    message: "ssh does not trust the host of the Docker engine at …: its key is not in known_hosts, or is another one",
    cause:
      "The host was never connected from here, or its key has changed. `ssh` cannot ask about it in a run of Pulumi.",
    remedy: "Connect once with `ssh`, and compare the key's fingerprint with that of the host.",
  },
  OC2510: {
    message: "ssh cannot log in to the host of the Docker engine at … without a password: …",
    cause: "The host accepts none of the user's keys. `ssh` cannot ask for a password in a run of Pulumi.",
    remedy:
      "Add a key that the host accepts to the ssh agent or to `~/.ssh/config`. A key with a passphrase must be in the agent.",
  },
  OC2511: {
    message: "Cannot connect to the Docker engine at …: `docker system dial-stdio` does not work on that host (…)",
    cause: "The remote host has no `docker` command in the `PATH` of a shell that is not interactive, or an older one.",
    remedy: "Install Docker's client 18.09 or newer there.",
  },
  OC2512: {
    message: "The ssh connection to the Docker engine at … has ended: …",
    cause: "`docker system dial-stdio` failed on the remote host, or the connection was lost.",
    remedy:
      "Check the network, and with `docker version` on that host whether the engine runs and its user may use it.",
  },
  OC2513: {
    message: "TLS handshake with the Docker engine at … failed: its certificate is for …, not for …",
    cause: "The engine's certificate is valid, and is issued for other names or IP addresses than that of the address.",
    remedy: "Use an address with a name of the certificate, or issue one with that name (`subjectAltName`).",
  },
} as const satisfies CodeEntries;
