import { longestRebuiltHead } from "../checks/limits";
import { ProxyError } from "../checks/proxy-error";
import type { Policy, Secret } from "../policy/policy";

interface Injected {
  readonly name: string;
  /** The bytes of its value in UTF-8, each as a character: Node sends them so. */
  readonly bytes: string;
}

/** A domain's secrets, prepared for its requests. */
export interface DomainSecrets {
  /** Finds `$NAME` where no letter, digit or underscore adjoins, and placeholders. Literals only: linear in time. */
  readonly pattern: RegExp;
  /** By `$NAME` and by placeholder. */
  readonly secrets: ReadonlyMap<string, Injected>;
  readonly placeholders: readonly string[];
}

export function secretsByDomain({ secrets }: Policy): ReadonlyMap<string, DomainSecrets> {
  const domains = new Map<string, Secret[]>();
  for (const secret of secrets) domains.set(secret.domain, [...(domains.get(secret.domain) ?? []), secret]);
  return new Map([...domains].map(([domain, own]) => [domain, prepared(own)]));
}

function prepared(secrets: readonly Secret[]): DomainSecrets {
  // Neither names nor placeholders have a special character of patterns: policy.ts validates them.
  const names = secrets.map(({ name }) => name).join("|");
  // The longest first, as one placeholder may begin with another.
  const placeholders = secrets.map(({ placeholder }) => placeholder).sort((a, b) => b.length - a.length);
  return {
    placeholders,
    pattern: new RegExp(`(?<!\\w)\\$(?:${names})(?!\\w)|${placeholders.join("|")}`, "g"),
    secrets: new Map(
      secrets.flatMap(({ name, placeholder, value }) => {
        const injected = { name, bytes: Buffer.from(value, "utf8").toString("latin1") };
        return [[`$${name}`, injected] as const, [placeholder, injected] as const];
      }),
    ),
  };
}

/**
 * Whether credentials stand in this header by convention. The value of any other one may be stored, shown or echoed by a
 * site that does not treat it as a credential: a search, a user agent, a referrer.
 */
export function takesSecrets(name: string): boolean {
  // A WebSocket's key comes back hashed, and an idempotency key is stored beside its request.
  if (/^(proxy|sec)-|idempotency-key$/i.test(name)) return false;
  return /^(authorization|cookie|.*(key|token|secret|auth))$/i.test(name);
}

/** The one place where secrets are put into a request: injects those of its domain into its header values. */
export class SecretInjector {
  /** The names of the injected secrets. */
  readonly used = new Set<string>();
  private length = 0;

  constructor(
    private readonly own: DomainSecrets,
    /** Without TLS nothing is injected. */
    private readonly isSecure: boolean,
  ) {}

  readonly inject = (name: string, value: string): string => {
    if (!this.isSecure || !takesSecrets(name)) return value;
    const injected =
      name.toLowerCase() === "authorization" ? (this.basic(value) ?? this.replace(value)) : this.replace(value);
    // The values of secrets may hold control characters, which Basic credentials can carry and a header cannot.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the search is for control characters
    if (/[\0-\x08\x0a-\x1f\x7f]/.test(injected)) {
      const names = [...this.used].join(", ");
      throw new ProxyError("OC6025", `the secret ${names} has a control character, which a header cannot carry`);
    }
    return injected;
  };

  /** RFC 7617. Credentials in anything but canonical base64 stay as they are. */
  private basic(value: string): string | undefined {
    const encoded = /^basic +([A-Za-z\d+/]+={0,2})$/i.exec(value)?.[1];
    if (encoded === undefined) return undefined;
    const bytes = Buffer.from(encoded, "base64");
    if (bytes.toString("base64") !== encoded) return undefined;
    const before = bytes.toString("latin1");
    const after = this.replace(before);
    if (after === before) return undefined;
    return `Basic ${Buffer.from(after, "latin1").toString("base64")}`;
  }

  private replace(value: string): string {
    return value.replace(this.own.pattern, (found) => {
      const secret = this.own.secrets.get(found);
      if (secret === undefined) return found;
      this.used.add(secret.name);
      this.length += secret.bytes.length;
      if (this.length > longestRebuiltHead)
        throw new ProxyError("OC6026", "the request head is too large once its secrets are injected");
      return secret.bytes;
    });
  }
}
