import type { Problem } from "../../../model/problems";
import { at } from "../../../model/unknowns";
import { reservedNames } from "./sandbox-side";

const longestName = 256;
const longestValue = 65_536; // characters: half of what a gateway makes of a request's head

/** What of a network policy this backend cannot honour. What is not known yet is not judged. */
export function policyRefusals(policy: unknown, egress: unknown): Problem[] {
  if (at(policy, "type") === "disabled" && egress !== undefined) {
    return ['docker.egress: got settings of an allow list, expected none, as networkPolicy.type is "disabled"'];
  }
  const secrets = at(policy, "domainSecrets");
  return (Array.isArray(secrets) ? secrets : []).flatMap((secret, index) =>
    secretRefusals(secret, `networkPolicy.domainSecrets[${index}]`),
  );
}

function secretRefusals(secret: unknown, path: string): Problem[] {
  const name = at(secret, "name");
  const value = at(secret, "value");
  const problems: Problem[] = [];
  if (typeof name === "string" && reservedNames.has(name))
    problems.push(`${path}.name: got "${name}", which a sandbox on Docker sets itself, expected another name`);
  if (typeof name === "string" && name.length > longestName)
    problems.push(`${path}.name: got text of ${name.length} characters, expected at most ${longestName} on Docker`);
  if (typeof value === "string" && value.length > longestValue)
    problems.push(
      `${path}.value: got text of ${value.length} characters, expected at most ${longestValue} on Docker, where it becomes part of a header`,
    );
  return problems;
}
