import type { Policy } from "../../../egress/policy";
import type { EgressSettings } from "../../../model/egress-settings";
import type { Allowlist } from "../../../model/network-policy";
import type { Certificates } from "./certificates";

/** What is known of a gateway besides what its sandbox's arguments say. */
interface Circumstances {
  id: string;
  certificates: Certificates;
  placeholders: ReadonlyMap<string, string>;
  /** The networks that it is on. */
  subnets: string[];
}

/** From a container's arguments to what its gateway is told. */
export function policyOf(
  { allowedDomains, domainSecrets = [] }: Allowlist,
  { privateRanges = [], certificateAuthorities = [] }: EgressSettings,
  { id, certificates: { certificate, key }, placeholders, subnets }: Circumstances,
): Policy {
  return {
    sandbox: id,
    allowedDomains,
    secrets: domainSecrets.map((secret) => ({ ...secret, placeholder: placeholders.get(secret.name) ?? "" })),
    tls: { certificate, key },
    privateRanges,
    extraCertificates: certificateAuthorities,
    subnets,
  };
}
