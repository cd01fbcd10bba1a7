import type { Setting } from "../../config";
import type { Observed } from "../../model/record";
import { at } from "../../model/unknowns";
import { BackendError, PartialCreateError, type Report } from "../backend";
import type { Access } from "./api-errors";
import { allowList, type Confirmation, confirmation, type Requested } from "./confirmation";

/** The service that containers are requested from. */
export interface Service extends Access {
  /** OpenAI's own may leave out what has its default; what another service applies, only its answer says. */
  isOpenAI: boolean;
  /** Whether an allow list that the service does not report is taken for applied: `true` or `false`. */
  acceptUnconfirmedNetworkPolicy: Setting;
}

interface RequestedPolicy {
  type: string;
  allowedDomains?: string[] | undefined;
  domainSecrets?: unknown[] | undefined;
}

/** @throws BackendError where the setting is neither `true` nor `false` */
export function acceptsUnconfirmed({ acceptUnconfirmedNetworkPolicy: { value, source } }: Service): boolean {
  if (value === "true" || value === "false") return value === "true";
  throw new BackendError("OC0000", `${source} is ${JSON.stringify(value)}`, "It must be true or false");
}

/**
 * Keeps a container only if the service reports that it is as requested: where a service ignores an argument, state
 * would say closed of a container that is open, or 4g of one that has 1g. Any other container is deleted again.
 * @throws HalfMadeError where that failed
 */
export async function confirm(
  requested: Requested & { networkPolicy: RequestedPolicy },
  reported: Observed,
  service: Service,
  remove: (id: string) => Promise<unknown>,
  report: Report,
): Promise<void> {
  const secrets = [...service.secrets, ...secretsIn(requested.networkPolicy)];
  const result = confirmation(requested, reported, secrets);
  const reason = failureOf(result, requested.networkPolicy, service);
  if (!reason) {
    warnOf(result, service, report);
    return;
  }
  const { id } = reported;
  const [what, advice] = reason;
  await remove(id).catch((cleanUp: Error) => {
    throw new PartialCreateError(id, new BackendError("OC0000", what, advice), cleanUp);
  });
  throw new BackendError("OC0000", `${what}. Container ${id} was deleted again`, advice);
}

function failureOf(
  { differences, unconfirmed }: Confirmation,
  { allowedDomains: [first, ...others] = [] }: RequestedPolicy,
  service: Service,
): [what: string, advice: string] | undefined {
  const { place, placeSource } = service;
  if (differences.length > 0) {
    return [
      `The API at ${place} did not make the container as requested: ${differences.join("; ")}`,
      `Correct ${placeSource}, or request what the service offers`,
    ];
  }
  if (!unconfirmed.includes(allowList) || acceptsUnconfirmed(service)) return undefined;
  const requested = others.length > 0 ? `${first} and ${others.length} more` : first;
  return [
    `The API at ${place} does not report ${allowList} of the new container: that it reaches ${requested} and nothing else is not confirmed`,
    "Use a service that reports the list, or, if this one is known to apply it: pulumi config set openai-containers:acceptUnconfirmedNetworkPolicy true",
  ];
}

/** An allow list that nobody confirmed is each container's own matter; silence about defaults is the service's, once a run. */
function warnOf({ unconfirmed }: Confirmation, { place, isOpenAI }: Service, report: Report): void {
  if (unconfirmed.length === 0 || (isOpenAI && !unconfirmed.includes(allowList))) return;
  const text = `${unconfirmed.join(", ")} not confirmed: the API at ${place} does not report what it applied to a new container. Check it in the container, or use a service that reports it.`;
  if (unconfirmed.includes(allowList)) report.warning("OC0000", text);
  else report.runWarning("OC0000", text);
}

function secretsIn({ domainSecrets = [] }: RequestedPolicy): string[] {
  return domainSecrets.map((secret) => at(secret, "value")).filter((value) => typeof value === "string");
}
