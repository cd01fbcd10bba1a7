import { existsSync, readFileSync } from "node:fs";
import { Agent } from "node:https";
import { join } from "node:path";
import type Docker from "dockerode";
import { UnreachableError } from "../../backend";
import type { Endpoint } from "./endpoints";

/**
 * The client's options for an engine's address.
 * @throws UnreachableError for an address that the client cannot use, and certificates that cannot be read
 */
export function clientOptions({ address, tls }: Endpoint): Docker.DockerOptions & { agent?: Agent } {
  const local = /^(?:unix|npipe):\/\/(.+)$/.exec(address)?.[1];
  // Without a host the client takes the one of DOCKER_HOST, and ignores the socket.
  if (local !== undefined) return { host: "", protocol: "http", socketPath: local };
  if (!/^(?:tcp|http|https):\/\/[^/]+/.test(address) || !URL.canParse(address)) {
    throw new UnreachableError(
      "OC2209",
      `Unsupported Docker engine address ${JSON.stringify(address)}: only unix, npipe, tcp, http and https addresses are supported`,
      "Use unix:///path/to.sock or tcp://host:port. For an engine behind ssh://, forward its socket (ssh -nNT -L /tmp/docker.sock:/var/run/docker.sock HOST) and set DOCKER_HOST=unix:///tmp/docker.sock",
    );
  }
  const { protocol, hostname, port } = new URL(address);
  const secure = tls !== undefined || protocol === "https:";
  const target = {
    protocol: secure ? "https" : "http",
    host: hostname,
    port: port || (secure ? "2376" : "2375"),
  } as const;
  if (!tls) return target;
  const file = (name: string) => join(tls.folder, name);
  if (tls.verify)
    return {
      ...target,
      ca: certificate(file("ca.pem")),
      cert: certificate(file("cert.pem")),
      key: certificate(file("key.pem")),
    };
  // A context that skips verification may have no certificates either. The client has no option for that, so an agent has.
  const own = existsSync(file("cert.pem"))
    ? { cert: certificate(file("cert.pem")), key: certificate(file("key.pem")) }
    : {};
  return { ...target, agent: new Agent({ rejectUnauthorized: false, ...own }) };
}

function certificate(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new UnreachableError(
      "OC2210",
      `Cannot read ${file}: TLS with the Docker engine needs it`,
      "Put ca.pem, cert.pem and key.pem into the folder that DOCKER_CERT_PATH names, or unset DOCKER_TLS_VERIFY",
      { cause },
    );
  }
}
