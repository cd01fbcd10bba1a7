import type { Policy } from "../../../../egress/policy/policy";
import type { Rules } from "../rules/rules";
import type { Certificates } from "./certificates";

/** What is known of a gateway besides its rules. */
interface Circumstances {
  id: string;
  /** What it shows to its sandbox. */
  pair: Omit<Certificates, "authority">;
  /** The networks that it is on. */
  subnets: string[];
}

/** From a container's arguments to what its gateway is told. */
export function policyOf({ policy, egress, placeholders }: Rules, { id, pair, subnets }: Circumstances): Policy {
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
