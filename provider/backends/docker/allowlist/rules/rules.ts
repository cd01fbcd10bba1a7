import type { ContainerInspectInfo } from "dockerode";
import type { Container } from "../../../../model/container";
import { type EgressSettings, egressSchema } from "../../../../model/egress-settings";
import { type Allowlist, allowlistSchema } from "../../../../model/network-policy";
import { at } from "../../../../model/unknowns";
import { BackendError, type Recorded } from "../../../backend";
import { drawPlaceholders, placeholdersIn } from "../../sandbox/network-config";

/** What a gateway is to enforce. */
export interface Rules {
  policy: Allowlist;
  egress: EgressSettings;
  /** What stands for each secret, by the secret's name. */
  placeholders: ReadonlyMap<string, string>;
}

/** The rules of a sandbox that is to be made, if it has an allow list. */
export function rulesOf({ networkPolicy: policy, docker }: Container): Rules | undefined {
  if (policy.type !== "allowlist") return undefined;
  return { policy, egress: docker?.egress ?? {}, placeholders: drawPlaceholders(policy.domainSecrets ?? []) };
}

/**
 * The rules that a sandbox was made with. No engine tells the secrets, which are recorded, nor does the record tell the
 * placeholders, which stand in the sandbox's environment.
 * @throws BackendError
 */
export function recordedRules(id: string, { networkPolicy, docker }: Recorded, sandbox: ContainerInspectInfo): Rules {
  const policy = allowlistSchema.safeParse(networkPolicy);
  const egress = egressSchema.default({}).safeParse(at(docker, "egress"));
  if (policy.success && egress.success)
    return { policy: policy.data, egress: egress.data, placeholders: placeholdersIn(sandbox) };
  throw new BackendError(
    "OC0000",
    `What the gateway of ${id} has to enforce is not recorded whole`,
    "Replace the container: `pulumi up --replace` with its URN",
  );
}
