import type { ContainerInspectInfo } from "dockerode";
import type { Container } from "../../../../model/container";
import { type EgressSettings, egressSchema } from "../../../../model/egress-settings";
import { type Allowlist, allowlistSchema } from "../../../../model/network-policy";
import { at } from "../../../../model/unknowns";
import { BackendError, type Recorded } from "../../../backend";
import { allowListOf } from "../../sandbox/container-spec";
import { generatePlaceholders } from "../../sandbox/network-config";

/** The rules that a gateway enforces. */
export interface Rules {
  policy: Allowlist;
  egress: EgressSettings;
  /** The placeholder of each secret, by the secret's name. */
  placeholders: ReadonlyMap<string, string>;
}

/** The rules of a new sandbox, if it has an allow list. */
export function rulesOf({ networkPolicy: policy, docker }: Container): Rules | undefined {
  if (policy.type !== "allowlist") return undefined;
  return { policy, egress: docker?.egress ?? {}, placeholders: generatePlaceholders(policy.domainSecrets ?? []) };
}

/**
 * The rules that a sandbox was created with. Their secrets are in Pulumi's state and on no engine, their placeholders on the
 * engine and not in state.
 * @throws BackendError where state has no valid policy
 */
export function recordedRules(id: string, { networkPolicy, docker }: Recorded, sandbox: ContainerInspectInfo): Rules {
  const policy = allowlistSchema.safeParse(networkPolicy);
  const egress = egressSchema.default({}).safeParse(at(docker, "egress"));
  if (policy.success && egress.success)
    return { policy: policy.data, egress: egress.data, placeholders: allowListOf(sandbox).placeholders };
  throw new BackendError(
    "OC2305",
    `Cannot restart the gateway of ${id}: its network policy in Pulumi's state is incomplete`,
    "Replace the container (`pulumi up --replace` with its URN)",
  );
}
