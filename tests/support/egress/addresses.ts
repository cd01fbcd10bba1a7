import { execFileSync, spawnSync } from "node:child_process";

/**
 * Addresses of this machine from a private network, as a gateway never dials a loopback address. They are added to `lo`, so
 * that nothing leaves the machine. It takes root.
 */
export const range = "10.111.0.0/16";

export const canAddAddresses = process.getuid?.() === 0 && spawnSync("ip", ["-V"]).status === 0;

let next = 1;

/** An unused one, until `remove` is called. */
export function addAddress(): { address: string; remove: () => void } {
  for (; next < 250; next++) {
    const address = `10.111.${process.pid % 250}.${next}`;
    const cidr = `${address}/32`;
    if (spawnSync("ip", ["addr", "add", cidr, "dev", "lo"]).status !== 0) continue; // somebody has it
    next++;
    return { address, remove: () => execFileSync("ip", ["addr", "del", cidr, "dev", "lo"]) };
  }
  throw new Error(`no address left in ${range}`);
}
