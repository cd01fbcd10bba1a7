import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Limits } from "./limits";

const patience = 5000; // ms for an address to answer
const mostMissed = 3; // looks in a row that find nobody

/** Settles when nobody has answered at an address for some looks: a sandbox that has ended takes its gateway along. */
export async function leftBy(address: string, { lookMs }: Limits): Promise<void> {
  for (let missed = 0; missed < mostMissed; ) {
    await sleep(lookMs);
    missed = (await isThere(address)) ? 0 : missed + 1;
  }
}

/**
 * Whether a host is there. A kernel answers for a port that nobody listens on, also while its processes are frozen; a
 * host that is gone leaves its neighbours to tell (EHOSTUNREACH). Port 9 is the discard service's (RFC 863).
 */
function isThere(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port: 9, timeout: patience });
    const settle = (found: boolean) => () => {
      socket.destroy();
      resolve(found);
    };
    socket.once("connect", settle(true)).once("timeout", settle(false));
    socket.once("error", (error: NodeJS.ErrnoException) => settle(error.code === "ECONNREFUSED")());
  });
}
