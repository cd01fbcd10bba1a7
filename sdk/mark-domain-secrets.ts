import * as pulumi from "@pulumi/pulumi";

/** Marks the domain secrets of a network policy as a Pulumi secret, unless the program has; the rest stays visible. */
export function markDomainSecrets(policy: unknown): unknown {
  if (pulumi.Output.isInstance(policy)) return policy.apply(markDomainSecrets);
  if (policy instanceof Promise) return policy.then(markDomainSecrets);
  if (typeof policy !== "object" || policy === null || !("domainSecrets" in policy)) return policy;
  const { domainSecrets } = policy;
  return domainSecrets === undefined ? policy : { ...policy, domainSecrets: pulumi.secret(domainSecrets) };
}
