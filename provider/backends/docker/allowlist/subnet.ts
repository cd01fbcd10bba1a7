import { randomInt } from "node:crypto";

/** The addresses of one sandbox's network. */
export interface Subnet {
  cidr: string;
  /** What the bridge itself would have. Nobody has it. */
  bridge: string;
  gateway: string;
  sandbox: string;
}

const size = 8; // addresses: a /29, as the network, the bridge and the broadcast take three of them
const subnets = 65_536 / size;

/**
 * One of the 8,192 networks of 198.19.0.0/16. The block is for benchmarks (RFC 2544), so hardly anybody has hosts in it.
 * Left to itself an engine runs out of networks at the 31st.
 */
export function randomSubnet(): Subnet {
  return subnetAt(randomInt(subnets) * size);
}

/** The network in which a sandbox's gateway has this address. */
export function subnetOf(gateway: string): Subnet {
  const [, , high = 0, low = 0] = gateway.split(".").map(Number);
  const offset = high * 256 + low;
  return subnetAt(offset - (offset % size));
}

function subnetAt(offset: number): Subnet {
  const address = (host: number) => `198.19.${Math.floor(offset / 256)}.${(offset % 256) + host}`;
  return { cidr: `${address(0)}/29`, bridge: address(1), gateway: address(2), sandbox: address(3) };
}
