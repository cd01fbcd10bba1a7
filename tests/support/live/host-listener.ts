import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { networkInterfaces } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

/** What hears everything that comes to one port of this host, by any of its addresses, and to groups of multicast. */
export class HostListener {
  readonly heard: string[] = [];
  private readonly closing: (() => void)[] = [];

  private constructor(readonly port: number) {}

  static async start(...groups: string[]): Promise<HostListener> {
    const tcp = createServer().listen(0, "0.0.0.0");
    await once(tcp, "listening");
    const address = tcp.address();
    const listener = new HostListener(typeof address === "object" && address ? address.port : 0);
    const hear = (socket: Socket) => {
      socket.on("data", (text) => void listener.heard.push(String(text))).on("error", () => undefined);
      listener.closing.push(() => socket.destroy());
    };
    const tcp6 = createServer(hear).listen({ port: listener.port, host: "::", ipv6Only: true });
    tcp.on("connection", hear);
    listener.closing.push(
      () => tcp.close(),
      () => tcp6.close(),
    );
    const udp = createSocket("udp4").bind(listener.port);
    const udp6 = createSocket({ type: "udp6", ipv6Only: true }).bind(listener.port);
    await Promise.all([once(udp, "listening"), once(udp6, "listening")]);
    for (const socket of [udp, udp6]) {
      socket.on("message", (text) => void listener.heard.push(String(text)));
      listener.closing.push(() => socket.close());
    }
    for (const group of groups) {
      if (group.includes(":")) for (const { name } of interfaces("IPv6")) udp6.addMembership(group, `::%${name}`);
      else for (const { address } of interfaces("IPv4")) udp.addMembership(group, address);
    }
    return listener;
  }

  /** Waits until it has heard a text that is meant. */
  async hears(isMeant: (text: string) => boolean): Promise<void> {
    for (const end = Date.now() + 60_000; !this.heard.some(isMeant); await sleep(20))
      if (Date.now() > end) assert.fail(`it heard only ${JSON.stringify(this.heard)}`);
  }

  close(): void {
    for (const close of this.closing) close();
  }
}

/** This host's IPv4 addresses, one of each of its interfaces, loopback among them. */
export function addressesOfThisHost(): string[] {
  return interfaces("IPv4").map(({ address }) => address);
}

function interfaces(family: "IPv4" | "IPv6"): { name: string; address: string }[] {
  const all = Object.entries(networkInterfaces());
  return all.flatMap(([name, addresses = []]) => {
    const own = addresses.find((address) => address.family === family);
    return own ? [{ name, address: own.address }] : [];
  });
}
