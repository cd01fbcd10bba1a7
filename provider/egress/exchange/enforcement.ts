import { createSecureContext, rootCertificates } from "node:tls";
import type { Audit } from "../audit/audit";
import { dialable } from "../checks/addresses";
import type { Authority } from "../checks/domain-names";
import { parseAuthority } from "../checks/domain-names";
import type { Limits } from "../checks/limits";
import { printable } from "../checks/printable";
import { ProxyError } from "../checks/proxy-error";
import { Mask, Masking } from "../masking/mask";
import { type DomainSecrets, secretsByDomain } from "../masking/secret-injector";
import { Dialler } from "../outbound/dial";
import { Upstreams } from "../outbound/upstreams";
import type { Policy } from "../policy/policy";
import { HeadRoom } from "./head-room";

const mostNamed = 50; // allowed domains that a message lists

/** One policy, ready to be enforced. */
export class Enforcement {
  readonly upstreams: Upstreams;
  readonly heads = new HeadRoom();
  readonly secrets: ReadonlyMap<string, DomainSecrets>;
  private readonly allowed: ReadonlySet<string>;
  private readonly placeholders: readonly string[];
  private readonly masking: Masking | undefined;

  constructor(
    readonly policy: Policy,
    readonly limits: Limits,
    readonly audit: Audit,
    dnsServers: readonly string[],
  ) {
    this.allowed = new Set(policy.allowedDomains);
    this.placeholders = [...new Set(policy.secrets.map(({ placeholder }) => placeholder))];
    this.secrets = secretsByDomain(policy);
    this.masking = policy.secrets.length === 0 ? undefined : new Masking(policy);
    const mayDial = dialable(policy.privateRanges, policy.subnets);
    const trust = createSecureContext({ ca: [...rootCertificates, ...policy.extraCertificates] });
    this.upstreams = new Upstreams(new Dialler(mayDial, trust, limits.dialMs, dnsServers), limits.idleMs);
  }

  allows(name: string): boolean {
    return this.allowed.has(name);
  }

  /** What a client asks for, if it may be reached. @throws Refused */
  judge(authority: string, defaultPort?: number): Authority {
    const place = this.parse(authority, defaultPort);
    if (place === undefined || !this.allows(place.host)) throw this.notListed(place?.host ?? authority);
    if (place.port !== 80 && place.port !== 443) {
      throw new ProxyError(403, `port ${place.port} of ${place.host}: only the ports 80 and 443 can be reached`);
    }
    return place;
  }

  /** Allowed names are in their one form already. */
  private parse(authority: string, defaultPort: number | undefined): Authority | undefined {
    if (defaultPort !== undefined && this.allows(authority)) return { host: authority, port: defaultPort };
    return parseAuthority(authority, defaultPort);
  }

  notListed(name: string): ProxyError {
    const { allowedDomains } = this.policy;
    const more = allowedDomains.length > mostNamed ? ` and ${allowedDomains.length - mostNamed} more` : "";
    const list = allowedDomains.slice(0, mostNamed).join(", ") || "nothing";
    return new ProxyError(403, `"${printable(name)}" is not on its allow list (allowed: ${list}${more})`);
  }

  /** For one answer. Of any domain: one that has a secret may hand it on to another. */
  mask(): Mask | undefined {
    return this.masking && new Mask(this.masking);
  }

  holdsPlaceholder(values: readonly string[]): boolean {
    return this.placeholders.some((placeholder) => values.some((value) => value.includes(placeholder)));
  }
}
