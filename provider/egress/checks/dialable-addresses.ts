import { BlockList, isIPv4 } from "node:net";

/**
 * Which addresses may be dialled, against DNS rebinding. IPv4 only: an IPv6 address in any spelling (mapped, NAT64, 6to4) is
 * rejected with the rest of IPv6, so none of them has to be recognised.
 */

/** IANA's special-purpose addresses (RFC 6890), outside the public internet. `privateRanges` can allow these. */
const special = [
  "10.0.0.0/8",
  "100.64.0.0/10", // carriers' own (RFC 6598)
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24", // documentation
  "192.31.196.0/24", // AS112
  "192.52.193.0/24", // AMT
  "192.88.99.0/24", // relays of 6to4
  "192.168.0.0/16",
  "192.175.48.0/24", // AS112
  "198.18.0.0/15", // benchmarks
  "198.51.100.0/24", // documentation
  "203.0.113.0/24", // documentation
];

/** What no setting allows: this host, its neighbours on the link, and the clouds' metadata services. */
const never = [
  "0.0.0.0/8",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "100.100.100.200/32", // Alibaba Cloud's metadata
  "168.63.129.16/32", // Azure's host agent, a public address
  "192.0.0.192/32", // Oracle Cloud's metadata, first generation
  "224.0.0.0/4",
  "240.0.0.0/4",
];

export type MayDial = (address: string) => boolean;

export function dialable(privateRanges: readonly string[], ownSubnets: readonly string[]): MayDial {
  const forbidden = blockList([...never, ...ownSubnets]);
  const nonPublic = blockList(special);
  const permitted = blockList(privateRanges);
  return (address) => {
    if (!isIPv4(address) || forbidden.check(address)) return false;
    return !nonPublic.check(address) || permitted.check(address);
  };
}

/** An IPv4 network as `10.1.0.0/16`, its address written without leading zeros. */
export function isCidr(text: string): boolean {
  const [address = "", prefix = "", ...more] = text.split("/");
  return more.length === 0 && isIPv4(address) && /^(\d|[12]\d|3[0-2])$/.test(prefix);
}

function blockList(cidrs: readonly string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [address = "", prefix = ""] = cidr.split("/");
    list.addSubnet(address, Number(prefix), "ipv4");
  }
  return list;
}
