import { randomBytes } from "node:crypto";
import type { Policy } from "../../../provider/egress/policy/policy";
import { addAddress, canAddAddresses, range } from "./addresses";
import { Authority } from "./authority";
import { GatewayProcess } from "./gateway-process";
import { NameServer } from "./name-server";
import { Upstream } from "./upstream";

/** Names that every policy of these tests allows, and one that none does, although it exists as the others do. */
export const allowed = ["a.example.com", "b.example.com"];
export const denied = "evil.example.com";

export const secretValue = 'sk-"value"/of+the=secret';
export const placeholder = `placeholder-${randomBytes(16).toString("hex")}`;

/** So that a test need not wait for the counts of the log. */
const legible = { countMs: 100, listed: 100_000 };

/** A gateway with its policy, an upstream that has each name, and a resolver that knows them. */
export class Site {
  readonly gateway = new GatewayProcess();
  readonly resolver = new NameServer();
  readonly authority = new Authority();
  readonly upstreamAuthority = new Authority();
  readonly upstream: Upstream;
  private readonly pair = this.authority.sign(allowed);
  private readonly cleanUps: (() => void)[] = [];
  private begin = async () => {};

  private constructor() {
    const { address, remove } = addAddress();
    this.cleanUps.push(remove);
    this.upstream = new Upstream(address);
  }

  static async start(limits: Record<string, number> = {}, changes: Partial<Policy> = {}): Promise<Site> {
    const site = new Site();
    await site.upstream.start(site.upstreamAuthority.sign([...allowed, denied]));
    for (const name of [...allowed, denied]) site.resolver.addresses.set(name, [site.upstream.address]);
    const dnsServers = [await site.resolver.start()];
    site.begin = async () => {
      await site.gateway.start({ dnsServers, limits: { ...legible, ...limits } });
      const rejection = await site.gateway.put(site.policy(changes));
      if (rejection !== undefined) throw new Error(rejection);
    };
    await site.begin();
    return site;
  }

  /** Another gateway, once the one before was killed. */
  restart(): Promise<void> {
    return this.begin();
  }

  policy(changes: Partial<Policy> = {}): Policy {
    return {
      sandbox: "cntr_test",
      allowedDomains: allowed,
      secrets: [{ domain: "a.example.com", name: "TOKEN", placeholder, value: secretValue }],
      tls: this.pair,
      privateRanges: [range],
      extraCertificates: [this.upstreamAuthority.certificate],
      subnets: [],
      ...changes,
    };
  }

  /** A further upstream, on an address of its own. */
  anotherUpstream(): Upstream {
    const { address, remove } = addAddress();
    const upstream = new Upstream(address);
    this.cleanUps.push(() => upstream.stop(), remove);
    return upstream;
  }

  async stop(): Promise<void> {
    await this.gateway.stop();
    this.upstream.stop();
    this.resolver.stop();
    this.authority.remove();
    this.upstreamAuthority.remove();
    for (const cleanUp of this.cleanUps.reverse()) cleanUp();
  }
}

/** A site for each `describe`; skipped by name where addresses cannot be added. */
export function useSite(limits: Record<string, number> = {}, changes: Partial<Policy> = {}): () => Site {
  let site: Site | undefined;
  before(async function () {
    if (!canAddAddresses) this.skip(); // addresses take root
    site = await Site.start(limits, changes);
  });
  beforeEach(() => site?.upstream.clear());
  after(() => site?.stop());
  return () => {
    if (site === undefined) throw new Error("the site has not started");
    return site;
  };
}
