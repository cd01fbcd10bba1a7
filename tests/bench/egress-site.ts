import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { addAddress, range } from "../support/egress/addresses";
import { Authority } from "../support/egress/authority";
import { GatewayProcess } from "../support/egress/gateway-process";
import { NameServer } from "../support/egress/name-server";
import { descendants } from "../support/processes";
import { Squid } from "../support/squid";
import type { Load } from "./egress-load";
import type { Count, Start } from "./egress-upstream";
import type { Way } from "./egress-way";
import { Worker } from "./worker";

const plain = "plain.example.com";
const withSecret = "secret.example.com";
const names = [plain, withSecret];
const value = "sk-0123456789abcdefghijklmnopqrstuvwxyzABCD";
const placeholder = "placeholder-0123456789abcdef0123456789abcdef";

export type ProxyName = "gateway" | "gateway with a secret" | Squid;

interface Named {
  readonly command: string;
}

/** An upstream, the proxies that let a client come to it, and that client. Each is a process of its own. */
export class EgressSite {
  readonly client = new Worker<Load>(join(__dirname, "egress-load.ts"));
  private readonly upstream = new Worker<Start | Count>(join(__dirname, "egress-upstream.ts"));
  private readonly upstreamAuthority = new Authority();
  private readonly host = addAddress();
  private readonly resolver = new NameServer();
  private readonly gateways = { gateway: new GatewayProcess(), "gateway with a secret": new GatewayProcess() };
  private readonly gatewayAuthority = new Authority();
  private readonly squids: Squid[] = [];

  async start(): Promise<void> {
    const { certificate, key } = this.upstreamAuthority.sign(names);
    await this.upstream.ask({ address: this.host.address, certificate, key, credentials: `Bearer ${value}` });
    for (const name of names) this.resolver.addresses.set(name, [this.host.address]);
    const dnsServers = [await this.resolver.start()];
    const policy = {
      sandbox: "cntr_bench",
      allowedDomains: names,
      tls: this.gatewayAuthority.sign(names),
      privateRanges: [range],
      extraCertificates: [this.upstreamAuthority.certificate],
      subnets: [],
    };
    const secrets = [{ domain: withSecret, name: "TOKEN", placeholder, value }];
    const { gateway, "gateway with a secret": other } = this.gateways;
    for (const [each, own] of [
      [gateway, []],
      [other, secrets],
    ] as const) {
      await each.start({ dnsServers });
      const rejection = await each.put({ ...policy, secrets: own });
      if (rejection !== undefined) throw new Error(rejection);
      each.discardLog();
    }
  }

  async startSquid(looksAtSni: boolean): Promise<Squid> {
    const squid = new Squid();
    this.squids.push(squid);
    const trusted = this.upstreamAuthority.certificate;
    await squid.start({ names, address: this.host.address, trusted, looksAtSni });
    return squid;
  }

  /** Without a proxy. */
  direct(): Way {
    return this.way(this.upstreamAuthority.certificate);
  }

  byGateway(): Way {
    return { ...this.way(this.gatewayAuthority.certificate), proxy: this.gateways.gateway.ports.proxy };
  }

  /** Another gateway injects the secret, and searches the response for it. */
  byGatewayWithSecret(): Way {
    const { proxy } = this.gateways["gateway with a secret"].ports;
    return { ...this.byGateway(), proxy, name: withSecret, credentials: `Bearer ${placeholder}` };
  }

  bySquid({ certificate, port }: Squid): Way {
    return { ...this.way(certificate), proxy: port };
  }

  private way(authority: string): Way {
    return { address: this.host.address, name: plain, credentials: `Bearer ${value}`, authority };
  }

  /** Resident memory in MB, as it is or as it was at its peak; of Squid with its helper for certificates. */
  memory(of: ProxyName, field: "VmRSS" | "VmHWM"): number {
    // Of a gateway's two processes the first is small and shares its program with the other.
    if (typeof of === "string") return this.gateways[of].megabytes(field);
    return this.pids(of).reduce((sum, pid) => sum + megabytes(pid, field), 0);
  }

  /** Milliseconds of processor time until now, of all of its threads; of Squid with its helper for certificates. */
  processor(of: ProxyName | "client"): number {
    return this.pids(of).reduce((sum, pid) => sum + processorMs(pid), 0);
  }

  /** How many connections the upstream has had. */
  connections(): Promise<number> {
    return this.upstream.ask({ count: "connections" });
  }

  private pids(of: ProxyName | "client"): number[] {
    if (of === "client") return this.client.pid === undefined ? [] : [this.client.pid];
    const owns =
      typeof of === "string" ? ({ command }: Named) => command.includes(dirname(this.gateways[of].program)) : of.owns;
    return descendants(process.pid)
      .filter(owns)
      .map(({ pid }) => pid);
  }

  async stop(): Promise<void> {
    try {
      await Promise.all(
        [this.client, this.upstream, ...Object.values(this.gateways), ...this.squids].map((each) => each.stop()),
      );
    } finally {
      this.resolver.stop();
      this.host.remove();
      this.upstreamAuthority.remove();
      this.gatewayAuthority.remove();
    }
  }
}

function megabytes(pid: number, field: string): number {
  const [, kilobytes] =
    new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) / 1024;
}

const ticks = 100; // a second, of all Linux that Node runs on: `getconf CLK_TCK`

/** proc(5): behind the command in parentheses, the 12th and 13th fields are ticks in the program and in the kernel. */
function processorMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticks;
}
