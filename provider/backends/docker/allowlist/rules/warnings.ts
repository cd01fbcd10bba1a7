import { certificateNames } from "../../../../model/egress-settings";
import { at } from "../../../../model/unknowns";
import type { Warning } from "../../../backend";

/**
 * How the settings of an allow list widen what a sandbox may reach, in a person's words. What is not known yet is left out.
 * @param isSecret whether the program made them secret
 */
export function wideningsOf(egress: unknown, isSecret: boolean): Warning[] {
  const ranges = textsOf(at(egress, "privateRanges"));
  const authorities = textsOf(at(egress, "certificateAuthorities")).flatMap(certificateNames);
  const quoted = (names: string[], separator: string) => (isSecret ? "(secret)" : names.join(separator));
  const found: Warning[] = [];
  if (ranges.length > 0)
    found.push({
      code: "OC1008",
      text: `docker.egress.privateRanges: allowed domains may resolve to the private networks ${quoted(ranges, ", ")}`,
    });
  if (authorities.length > 0)
    found.push({
      code: "OC1009",
      text: `docker.egress.certificateAuthorities: ${quoted(authorities, "; ")} can issue a certificate for any allowed domain, and so receive its secrets`,
    });
  return found;
}

function textsOf(list: unknown): string[] {
  return Array.isArray(list) ? list.filter((item) => typeof item === "string") : [];
}
