import { randomBytes } from "node:crypto";
import type { SandboxAllowList } from "./labels";

/** The network configuration of a sandbox with an allow list, which leads its programs to their gateway. */

/** A loopback address inside the sandbox, used by nothing else, on which its gateway listens. */
export const gatewayAddress = "127.77.0.1";

/** The folder in which programs look for trusted CA certificates; with an allow list it holds the gateway's alone. */
export const trustFolder = "/etc/ssl/certs";
const caFile = `${trustFolder}/ca-certificates.crt`;
/** Debian's and Alpine's name of the file, and Red Hat's. */
export const trustedFiles = ["ca-certificates.crt", "ca-bundle.crt"];

const proxyPort = 3128;
const proxyVariables = ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"];
const noProxyVariables = ["NO_PROXY", "no_proxy"];
/** For programs with CA certificates of their own, or linked with a library that has some. */
const trustVariables = [
  "SSL_CERT_FILE",
  "CURL_CA_BUNDLE",
  "REQUESTS_CA_BUNDLE",
  "NODE_EXTRA_CA_CERTS",
  "GIT_SSL_CAINFO",
];

/** Names of environment variables that no secret can have. */
export const reservedNames: ReadonlySet<string> = new Set([
  ...["HOME", "HOSTNAME", "PATH"],
  ...proxyVariables,
  ...noProxyVariables,
  ...trustVariables,
]);

/** The environment: programs that support a proxy use the gateway as one, and get the reason of a denial. */
export function environmentOf({ placeholders }: SandboxAllowList): string[] {
  const proxy = `http://${gatewayAddress}:${proxyPort}`;
  return [
    ...proxyVariables.map((name) => `${name}=${proxy}`),
    ...noProxyVariables.map((name) => `${name}=localhost,127.0.0.1,::1`),
    ...trustVariables.map((name) => `${name}=${caFile}`),
    ...[...placeholders].map(([name, placeholder]) => `${name}=${placeholder}`),
  ];
}

/** Every allowed domain resolves to the gateway, so that programs without support for a proxy connect to it too. */
export function hostsOf({ allowedDomains }: SandboxAllowList) {
  return {
    ExtraHosts: allowedDomains.map((name) => `${name}:${gatewayAddress}`),
    Dns: [gatewayAddress],
    // Lets nobody listen on the ports of DNS, HTTP and HTTPS: Docker's default, and not Podman's.
    Sysctls: { "net.ipv4.ip_unprivileged_port_start": "0" },
  };
}

/** One placeholder for each name, also where its domains have different secrets: random, so that it has no other meaning. */
export function generatePlaceholders(secrets: readonly { name: string }[]): Map<string, string> {
  return new Map(secrets.map(({ name }) => [name, `placeholder-${randomBytes(16).toString("hex")}`]));
}

/** The part of a container's listing or inspection that has its networks. */
export interface Networked {
  NetworkSettings: { Networks: object | null };
}

/** The names of a container's networks. Podman reports none as null. */
export function networksOf({ NetworkSettings }: Networked): string[] {
  return Object.keys(NetworkSettings.Networks ?? {});
}
