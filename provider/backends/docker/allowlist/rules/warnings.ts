import { certificateNames } from "../../../../model/egress-settings";
import { at } from "../../../../model/unknowns";

/**
 * How the settings of an allow list widen what a sandbox may reach, in a person's words. What is not known yet is left out.
 * @param isSecret whether the program made them secret
 */
export function wideningsOf(egress: unknown, isSecret: boolean): string[] {
  const ranges = textsOf(at(egress, "privateRanges"));
  const authorities = textsOf(at(egress, "certificateAuthorities")).flatMap(certificateNames);
  const quoted = (names: string[], separator: string) => (isSecret ? "(secret)" : names.join(separator));
  return [
    ...(ranges.length === 0
      ? []
      : [`docker.egress.privateRanges: allowed domains may lead to the private networks ${quoted(ranges, ", ")}`]),
    ...(authorities.length === 0
      ? []
      : [
          `docker.egress.certificateAuthorities: ${quoted(authorities, "; ")} can vouch for any allowed domain, and so receive its secrets`,
        ]),
  ];
}

function textsOf(list: unknown): string[] {
  return Array.isArray(list) ? list.filter((item) => typeof item === "string") : [];
}
