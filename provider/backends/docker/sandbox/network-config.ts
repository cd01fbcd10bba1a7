import { randomBytes } from "node:crypto";
import type { ContainerInspectInfo } from "dockerode";

/** A loopback address inside the sandbox that nothing uses by itself: its gateway listens there. */
export const gatewayAddress = "127.77.0.1";

/** What a sandbox knows of its gateway, and nothing of it is secret. */
export interface SandboxSide {
  allowedDomains: string[];
  /** What stands for each secret, by the secret's name. */
  placeholders: ReadonlyMap<string, string>;
  /** Where its user owns the folder of its lifeline: then it has it read-only, as it could replace the lifeline otherwise. */
  ownsLifelineFolder: boolean;
}

/** Where programs look for the authorities that they trust; with an allow list it holds the gateway's alone. */
export const trustFolder = "/etc/ssl/certs";
const trusted = `${trustFolder}/ca-certificates.crt`;
/** Debian's and Alpine's name for the file, and Red Hat's. */
export const trustedFiles = ["ca-certificates.crt", "ca-bundle.crt"];

const proxyPort = 3128;
const proxyVariables = ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"];
const noProxyVariables = ["NO_PROXY", "no_proxy"];
/** For programs that bring their own authorities along, or are linked with a library that does. */
const trustVariables = [
  "SSL_CERT_FILE",
  "CURL_CA_BUNDLE",
  "REQUESTS_CA_BUNDLE",
  "NODE_EXTRA_CA_CERTS",
  "GIT_SSL_CAINFO",
];

/** The environment's names that are taken, so that no secret can have them. */
export const reservedNames: ReadonlySet<string> = new Set([
  ...["HOME", "HOSTNAME", "PATH"],
  ...proxyVariables,
  ...noProxyVariables,
  ...trustVariables,
]);

/** The environment: programs that know of proxies use the gateway as one, and are told why something is denied. */
export function environmentOf({ placeholders }: SandboxSide): string[] {
  const proxy = `http://${gatewayAddress}:${proxyPort}`;
  return [
    ...proxyVariables.map((name) => `${name}=${proxy}`),
    ...noProxyVariables.map((name) => `${name}=localhost,127.0.0.1,::1`),
    ...trustVariables.map((name) => `${name}=${trusted}`),
    ...[...placeholders].map(([name, placeholder]) => `${name}=${placeholder}`),
  ];
}

/** Each allowed name is the gateway's address, so that programs which know of no proxy come to it too. */
export function namesOf({ allowedDomains }: SandboxSide) {
  return {
    ExtraHosts: allowedDomains.map((name) => `${name}:${gatewayAddress}`),
    Dns: [gatewayAddress],
    // Lets nobody listen on the ports of names, HTTP and HTTPS; Docker's own default, and not Podman's.
    Sysctls: { "net.ipv4.ip_unprivileged_port_start": "0" },
  };
}

/** One for each name, whatever its domains: opaque, so that it means nothing anywhere else. */
export function drawPlaceholders(secrets: readonly { name: string }[]): Map<string, string> {
  return new Map(secrets.map(({ name }) => [name, `placeholder-${randomBytes(16).toString("hex")}`]));
}

/** The placeholders of a sandbox that is there. */
export function placeholdersIn({ Config }: ContainerInspectInfo): Map<string, string> {
  const pairs = Config.Env.map((line) => /^(\w+)=(placeholder-[\da-f]{32})$/.exec(line) ?? []);
  return new Map(pairs.flatMap(([, name, placeholder]) => (name && placeholder ? [[name, placeholder] as const] : [])));
}

/** The names that lead to the gateway of a sandbox that is there. */
export function allowedDomainsIn({ HostConfig }: ContainerInspectInfo): string[] {
  const hosts: string[] = HostConfig.ExtraHosts ?? [];
  return hosts.map((line) => line.slice(0, line.indexOf(":")));
}
