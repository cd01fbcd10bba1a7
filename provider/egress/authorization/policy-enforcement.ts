import { createSecureContext, rootCertificates } from "node:tls";
import type { Audit } from "../audit/audit";
import { dialable } from "../checks/dialable-addresses";
import { type Authority, parseAuthority } from "../checks/domain-names";
import type { Limits } from "../checks/limits";
import { printable } from "../checks/printable";
import { ProxyError } from "../checks/proxy-error";
import { Dialler } from "../outbound/dialler";
import { UpstreamPool } from "../outbound/upstream-pool";
import type { Policy } from "../policy/policy";
import { ResponseMask } from "../secrets/response-mask";
import { type DomainSecrets, secretsByDomain } from "../secrets/secret-injector";
import { SecretPatterns } from "../secrets/secret-patterns";
import { HeadMemory } from "./head-memory";

const mostNamed = 50; // allowed domains that a message lists

/** One policy in force, with the connections, secrets and limits that belong to it. */
export class PolicyEnforcement {
  readonly upstreams: UpstreamPool;
  readonly headMemory = new HeadMemory();
  readonly secrets: ReadonlyMap<string, DomainSecrets>;
  private readonly allowed: ReadonlySet<string>;
  private readonly placeholders: readonly string[];
  private readonly secretPatterns: SecretPatterns | undefined;

  constructor(
    readonly policy: Policy,
    readonly limits: Limits,
    readonly audit: Audit,
    dnsServers: readonly string[],
  ) {
    this.allowed = new Set(policy.allowedDomains);
    this.placeholders = [...new Set(policy.secrets.map(({ placeholder }) => placeholder))];
    this.secrets = secretsByDomain(policy);
    this.secretPatterns = policy.secrets.length === 0 ? undefined : new SecretPatterns(policy);
    const mayDial = dialable(policy.privateRanges, policy.subnets);
    const trust = createSecureContext({ ca: [...rootCertificates, ...policy.extraCertificates] });
    this.upstreams = new UpstreamPool(new Dialler(mayDial, trust, limits.dialMs, dnsServers), limits.idleMs);
  }

  allows(name: string): boolean {
    return this.allowed.has(name);
  }

  /** @returns the host and port that a client named, if the policy allows them. @throws ProxyError */
  authorize(authority: string, defaultPort?: number): Authority {
    const named = this.parse(authority, defaultPort);
    if (named === undefined || !this.allows(named.host)) throw this.notListed(named?.host ?? authority);
    if (named.port !== 80 && named.port !== 443) {
      throw new ProxyError("OC6002", `port ${named.port} of ${named.host} is not allowed, only ports 80 and 443 are`);
    }
    return named;
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
    return new ProxyError("OC6001", `"${printable(name)}" is not on the allow list (allowed: ${list}${more})`);
  }

  /** For one response, of any domain: one that has a secret may pass it on to another. */
  responseMask(): ResponseMask | undefined {
    return this.secretPatterns && new ResponseMask(this.secretPatterns);
  }

  containsPlaceholder(values: readonly string[]): boolean {
    return this.placeholders.some((placeholder) => values.some((value) => value.includes(placeholder)));
  }
}
