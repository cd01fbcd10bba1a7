import { longestSecret, mostSecretBytes, shortestSecret } from "../../../../egress/policy/policy";
import type { Problem } from "../../../../model/problems";
import { at, unknownValue } from "../../../../model/unknowns";
import { hasOwnKernel } from "../../engine/runtimes";
import { reservedNames } from "../../sandbox/network-config";

const longestName = 256;

/** The parts of a network policy that this backend does not support. Unknown values are not validated. */
export function policyRefusals(policy: unknown, egress: unknown): Problem[] {
  if (at(policy, "type") === "disabled" && egress !== undefined) {
    return ['docker.egress: got settings of an allow list, expected none, as networkPolicy.type is "disabled"'];
  }
  const given = at(policy, "domainSecrets");
  const secrets: unknown[] = Array.isArray(given) ? given : [];
  const problems = secrets.flatMap((secret, index) => secretRefusals(secret, `networkPolicy.domainSecrets[${index}]`));
  const sum = secrets.reduce<number>((total, secret) => total + bytesOf(at(secret, "value")), 0);
  if (sum > mostSecretBytes)
    problems.push(
      `networkPolicy.domainSecrets: got values of ${sum} bytes in total, expected at most ${mostSecretBytes} on Docker, where responses are searched for them`,
    );
  return problems;
}

/** A runtime in which no allow list can be enforced, where its name tells. An engine tells it of any other name. */
export function runtimeRefusals(policy: unknown, runtime: unknown): Problem[] {
  if (at(policy, "type") !== "allowlist" || typeof runtime !== "string" || !hasOwnKernel(runtime)) return [];
  return [
    'docker.runtime: got a runtime that gives each container a kernel of its own, in which no gateway of an allow list can listen, expected runc or crun, or networkPolicy.type "disabled"',
  ];
}

function bytesOf(value: unknown): number {
  return typeof value === "string" && value !== unknownValue ? Buffer.byteLength(value) : 0;
}

function secretRefusals(secret: unknown, path: string): Problem[] {
  const name = at(secret, "name");
  const value = at(secret, "value");
  const problems: Problem[] = [];
  if (typeof name === "string" && reservedNames.has(name))
    problems.push(`${path}.name: got "${name}", which a sandbox on Docker sets itself, expected another name`);
  if (typeof name === "string" && name.length > longestName)
    problems.push(`${path}.name: got text of ${name.length} characters, expected at most ${longestName} on Docker`);
  const length = bytesOf(value);
  if (length > 0 && length < shortestSecret)
    problems.push(
      `${path}.value: got fewer than ${shortestSecret} bytes, expected at least ${shortestSecret} on Docker, where a shorter secret could not be masked in responses`,
    );
  if (length > longestSecret)
    problems.push(
      `${path}.value: got text of ${length} bytes, expected at most ${longestSecret} on Docker, where it becomes part of a header`,
    );
  return problems;
}
