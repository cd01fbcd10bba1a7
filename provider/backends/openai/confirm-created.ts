import type { Observed } from "../../model/record";
import { at } from "../../model/unknowns";
import { BackendError, PartialCreateError, type Report } from "../backend";
import type { ApiEndpoint } from "./api-endpoint";
import { allowList, type Comparison, compareWithResponse, type Requested } from "./compare-with-response";

interface RequestedPolicy {
  type: string;
  allowedDomains?: string[] | undefined;
  domainSecrets?: unknown[] | undefined;
}

/** @throws BackendError where the setting is neither `true` nor `false` */
export function acceptsUnconfirmed({ acceptUnconfirmedNetworkPolicy: { value, source } }: ApiEndpoint): boolean {
  if (value === "true" || value === "false") return value === "true";
  throw new BackendError(
    "OC2104",
    `${source} is ${JSON.stringify(value)}, which is neither true nor false`,
    "Set it to true or false",
  );
}

/**
 * Keeps a new container only if the service reports that it is as requested: where a service ignores an argument, state
 * would say closed of a container that is open, or 4g of one that has 1g. Any other container is deleted again.
 * @throws BackendError where it is not as requested, PartialCreateError where it could not be deleted either
 */
export async function confirmCreated(
  requested: Requested & { networkPolicy: RequestedPolicy },
  reported: Observed,
  endpoint: ApiEndpoint,
  remove: (id: string) => Promise<unknown>,
  report: Report,
): Promise<void> {
  const secrets = [...endpoint.secrets, ...secretsIn(requested.networkPolicy)];
  const comparison = compareWithResponse(requested, reported, secrets);
  const failure = failureOf(comparison, requested.networkPolicy, endpoint);
  if (!failure) {
    warnOf(comparison, endpoint, report);
    return;
  }
  const { id } = reported;
  const [code, what, advice] = failure;
  await remove(id).catch((cleanUp: Error) => {
    throw new PartialCreateError(id, new BackendError(code, what, advice), cleanUp);
  });
  throw new BackendError(code, `${what}. Container ${id} was deleted again`, advice);
}

function failureOf(
  { differences, unconfirmed }: Comparison,
  { allowedDomains: [first, ...others] = [] }: RequestedPolicy,
  endpoint: ApiEndpoint,
): ConstructorParameters<typeof BackendError> | undefined {
  const { address, addressSource } = endpoint;
  if (differences.length > 0) {
    return [
      "OC2119",
      `The API at ${address} did not create the container as requested: ${differences.join("; ")}`,
      `Correct ${addressSource}, or request what the service supports`,
    ];
  }
  if (!unconfirmed.includes(allowList) || acceptsUnconfirmed(endpoint)) return undefined;
  const requested = others.length > 0 ? `${first} and ${others.length} more` : first;
  return [
    "OC2120",
    `The API at ${address} does not report ${allowList} of the new container, so nothing confirms that it reaches only ${requested}`,
    "Use a service that reports the list or, if this one is known to apply it, run: pulumi config set openai-containers:acceptUnconfirmedNetworkPolicy true",
  ];
}

/** An unconfirmed allow list is each container's own matter; unreported defaults are the service's, once a run. */
function warnOf({ unconfirmed }: Comparison, { address, isOpenAI }: ApiEndpoint, report: Report): void {
  if (unconfirmed.length === 0 || (isOpenAI && !unconfirmed.includes(allowList))) return;
  const text = `${unconfirmed.join(", ")} not confirmed: the API at ${address} does not report what it applied to a new container. Check it inside the container, or use a service that reports it.`;
  if (unconfirmed.includes(allowList)) report.warning("OC2121", text);
  else report.runWarning("OC2121", text);
}

function secretsIn({ domainSecrets = [] }: RequestedPolicy): string[] {
  return domainSecrets.map((secret) => at(secret, "value")).filter((value) => typeof value === "string");
}
