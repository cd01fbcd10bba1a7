import type { Policy } from "../../../../egress/policy/policy";
import type { Rules } from "../rules/rules";
import type { Certificates } from "./certificates";

/** The part of a gateway's policy that is not in its rules. */
interface GatewayIdentity {
  id: string;
  /** Its certificate and key. */
  pair: Omit<Certificates, "caCertificate">;
  /** The subnets of the networks that it is connected to. */
  subnets: string[];
}

/** The policy of a gateway, in the form that its program reads. */
export function policyOf({ policy, egress, placeholders }: Rules, { id, pair, subnets }: GatewayIdentity): Policy {
  const { allowedDomains, domainSecrets = [] } = policy;
  return {
    sandbox: id,
    allowedDomains,
    secrets: domainSecrets.map((secret) => ({ ...secret, placeholder: placeholders.get(secret.name) ?? "" })),
    tls: pair,
    privateRanges: egress.privateRanges ?? [],
    extraCertificates: egress.certificateAuthorities ?? [],
    subnets,
  };
}
