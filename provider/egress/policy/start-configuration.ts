import { isIPv4 } from "node:net";
import { list, members, parseJson, text, ValidationError, wholeNumber } from "../checks/json-shape";
import { defaultLimits, type Limits } from "../checks/limits";

/** The argument of the gateway and its listeners, as JSON. It holds no secret, as everybody can read arguments. */
export interface StartConfiguration {
  /** The IPv4 address inside the sandbox on which the gateway listens, and nowhere else; DNS responses hold it. */
  readonly address: string;
  /** The path of the unix socket over which the gateway gets its listening sockets. The sandbox must not see it. */
  readonly channel: string;
  /** The path of a FIFO that the sandbox's first process has open for writing as long as it lives. */
  readonly lifeline: string;
  readonly ports: Ports;
  /** Resolvers for the upstreams' names, as `192.0.2.1` or `192.0.2.1:53`. None means the container's own. */
  readonly dnsServers: readonly string[];
  readonly limits: Limits;
}

export interface Ports {
  readonly proxy: number;
  readonly http: number;
  readonly https: number;
  readonly dns: number;
}

/** Bytes of a unix socket's path: unix(7). */
const longestPath = 107;

const defaultPorts: Ports = { proxy: 3128, http: 80, https: 443, dns: 53 };

/** @throws ValidationError */
export function parseStartConfiguration(json: string): StartConfiguration {
  const found = members(
    parseJson(json, "start"),
    "start",
    ["address", "channel", "lifeline"],
    ["ports", "dnsServers", "limits"],
  );
  return {
    address: address(found.get("address"), "start.address"),
    channel: text(found.get("channel"), "start.channel", longestPath),
    lifeline: text(found.get("lifeline"), "start.lifeline", longestPath),
    ports: { ...defaultPorts, ...numbers(found.get("ports"), "start.ports", Object.keys(defaultPorts), 65_535) },
    dnsServers: list(found.get("dnsServers") ?? [], "start.dnsServers", resolver),
    limits: {
      ...defaultLimits,
      ...numbers(found.get("limits"), "start.limits", Object.keys(defaultLimits), 2 ** 31 - 1),
    },
  };
}

function numbers(value: unknown, path: string, names: string[], most: number): Record<string, number> {
  const found = members(value ?? {}, path, [], names);
  return Object.fromEntries([...found].map(([name, item]) => [name, wholeNumber(item, `${path}.${name}`, 1, most)]));
}

function address(value: unknown, path: string): string {
  if (typeof value === "string" && isIPv4(value)) return value;
  throw new ValidationError(path, "an IPv4 address");
}

function resolver(value: unknown, path: string): string {
  const [host = "", port = "53", ...more] = text(value, path, 21).split(":");
  if (!isIPv4(host) || !/^[1-9]\d{0,4}$/.test(port) || more.length > 0) {
    throw new ValidationError(path, "an IPv4 address, with or without a port");
  }
  return `${host}:${port}`;
}
