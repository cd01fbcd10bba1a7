import { readFileSync } from "node:fs";
import { join } from "node:path";
import { addAddress, range } from "../support/egress/addresses";
import { Authority } from "../support/egress/authority";
import { GatewayProcess } from "../support/egress/gateway-process";
import { NameServer } from "../support/egress/name-server";
import { descendants } from "../support/processes";
import { Squid } from "../support/squid";
import type { Load } from "./egress-load";
import type { Start } from "./egress-upstream";
import type { Way } from "./egress-way";
import { Worker } from "./worker";

const plain = "plain.example";
const withSecret = "secret.example";
const names = [plain, withSecret];
const value = "sk-0123456789abcdefghijklmnopqrstuvwxyzABCD";
const placeholder = "placeholder-0123456789abcdef0123456789abcdef";

/** An upstream, the proxies that let a client come to it, and that client. Each is a process of its own. */
export class EgressSite {
  readonly client = new Worker<Load>(join(__dirname, "egress-load.ts"));
  private readonly upstream = new Worker<Start>(join(__dirname, "egress-upstream.ts"));
  private readonly upstreamAuthority = new Authority();
  private readonly host = addAddress();
  private readonly resolver = new NameServer();
  private readonly gateway = new GatewayProcess();
  private readonly gatewayAuthority = new Authority();
  private readonly squids: Squid[] = [];

  async start(): Promise<void> {
    const { certificate, key } = this.upstreamAuthority.sign(names);
    await this.upstream.ask({ address: this.host.address, certificate, key, credentials: `Bearer ${value}` });
    for (const name of names) this.resolver.addresses.set(name, [this.host.address]);
    await this.gateway.start({ dnsServers: [await this.resolver.start()] });
    const refusal = await this.gateway.put({
      sandbox: "cntr_bench",
      allowedDomains: names,
      secrets: [{ domain: withSecret, name: "TOKEN", placeholder, value }],
      tls: this.gatewayAuthority.sign(names),
      privateRanges: [range],
      extraCertificates: [this.upstreamAuthority.certificate],
      subnets: [],
    });
    if (refusal !== undefined) throw new Error(refusal);
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
    return { ...this.way(this.gatewayAuthority.certificate), proxy: this.gateway.ports.proxy };
  }

  /** The gateway puts the secret in, and looks for it in the answer. */
  byGatewayWithSecret(): Way {
    return { ...this.byGateway(), name: withSecret, credentials: `Bearer ${placeholder}` };
  }

  bySquid({ certificate, port }: Squid): Way {
    return { ...this.way(certificate), proxy: port };
  }

  private way(authority: string): Way {
    return { address: this.host.address, name: plain, credentials: `Bearer ${value}`, authority };
  }

  /** Resident memory in MB, as it is or as it was at its peak; of Squid with its helper for certificates. */
  memory(of: "gateway" | Squid, field: "VmRSS" | "VmHWM"): number {
    const all = descendants(process.pid);
    const own = all.filter(of === "gateway" ? ({ command }) => command.includes(this.gateway.program) : of.owns);
    return own.reduce((sum, { pid }) => sum + megabytes(pid, field), 0);
  }

  async stop(): Promise<void> {
    try {
      await Promise.all([this.client, this.upstream, this.gateway, ...this.squids].map((each) => each.stop()));
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
