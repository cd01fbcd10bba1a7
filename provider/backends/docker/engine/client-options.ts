import { existsSync, readFileSync } from "node:fs";
import { Agent } from "node:https";
import { join } from "node:path";
import type Docker from "dockerode";
import { UnreachableError } from "../../backend";
import type { Endpoint } from "./endpoints";

/**
 * What the client needs to reach an engine.
 * @throws UnreachableError for an address that it cannot use, and certificates that cannot be read
 */
export function clientOptions({ address, tls }: Endpoint): Docker.DockerOptions & { agent?: Agent } {
  const local = /^(?:unix|npipe):\/\/(.+)$/.exec(address)?.[1];
  // Without a host of its own the client takes that of DOCKER_HOST, and leaves the socket aside.
  if (local !== undefined) return { host: "", protocol: "http", socketPath: local };
  if (!/^(?:tcp|http|https):\/\/[^/]+/.test(address)) {
    throw new UnreachableError(
      "OC0000",
      `${JSON.stringify(address)} is not the address of a Docker engine that can be used here`,
      "Use unix:///path/to.sock or tcp://host:port; an engine behind ssh:// can be used through a forwarded socket: ssh -nNT -L /tmp/docker.sock:/var/run/docker.sock HOST, then DOCKER_HOST=unix:///tmp/docker.sock",
    );
  }
  const { protocol, hostname, port } = new URL(address);
  const secure = tls !== undefined || protocol === "https:";
  const place = {
    protocol: secure ? "https" : "http",
    host: hostname,
    port: port || (secure ? "2376" : "2375"),
  } as const;
  if (!tls) return place;
  const file = (name: string) => join(tls.folder, name);
  if (tls.verify)
    return {
      ...place,
      ca: certificate(file("ca.pem")),
      cert: certificate(file("cert.pem")),
      key: certificate(file("key.pem")),
    };
  // A context that does not verify need not have certificates either: the client has no option for that.
  const own = existsSync(file("cert.pem"))
    ? { cert: certificate(file("cert.pem")), key: certificate(file("key.pem")) }
    : {};
  return { ...place, agent: new Agent({ rejectUnauthorized: false, ...own }) };
}

function certificate(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new UnreachableError(
      "OC0000",
      `TLS with the Docker engine needs the certificate ${file}, which cannot be read`,
      "Put ca.pem, cert.pem and key.pem into the folder that DOCKER_CERT_PATH names, or unset DOCKER_TLS_VERIFY",
      { cause },
    );
  }
}
