import type { z } from "zod";
import { containerSchema } from "./container";
import type { EgressSettings } from "./egress-settings";
import type { Allowlist } from "./network-policy";
import { type Problem, problemsOf } from "./problems";
import { defined } from "./record";
import { inRecordedOrder } from "./recorded-order";
import { at, holdsUnknown, leadsToUnknown } from "./unknowns";

const properties = Object.keys(containerSchema.shape);
/** For what is known of a container in a preview. */
const knownSchema = containerSchema.partial();

/**
 * Turns what a program wrote into what is recorded and compared, or says all that is wrong with it. Equal meaning
 * comes out equal, and doing it twice changes nothing. In a preview, a property that holds an unknown stays as it was
 * written.
 * @param recorded the inputs in state, for the order of sets; may hold anything
 */
export function normalise(
  written: Record<string, unknown>,
  recorded: Record<string, unknown> = {},
): { value: Record<string, unknown> } | { problems: Problem[] } {
  const result = containerSchema.safeParse(written);
  const issues = result.error?.issues.filter((issue) => !leadsToUnknown(written, issue.path)) ?? [];
  if (issues.length > 0) return { problems: problemsOf(issues, written, properties) };

  const entries = Object.entries(written);
  const known = Object.fromEntries(entries.filter(([, value]) => !holdsUnknown(value)));
  const unknown = Object.fromEntries(entries.filter(([, value]) => holdsUnknown(value)));
  const container = result.data ?? knownSchema.parse(known);
  return { value: { ...settled(container, recorded), ...unknown } };
}

/** With its sets in the recorded order, and without what is as good as left out: an empty list. */
function settled(container: z.output<typeof knownSchema>, recorded: Record<string, unknown>): Record<string, unknown> {
  const { networkPolicy: policy, fileIds = [], skills = [], docker } = container;
  return defined({
    ...container,
    networkPolicy: policy?.type === "allowlist" ? settledPolicy(policy, recorded["networkPolicy"]) : policy,
    fileIds: unlessEmpty(inRecordedOrder(fileIds, recorded["fileIds"])),
    skills: unlessEmpty(skills),
    docker: docker && defined({ ...docker, egress: settledEgress(docker.egress, at(recorded["docker"], "egress")) }),
  });
}

function settledEgress(egress: EgressSettings = {}, recorded: unknown): Record<string, unknown> | undefined {
  const { certificateAuthorities = [], privateRanges = [] } = egress;
  const settled = defined({
    certificateAuthorities: unlessEmpty(
      inRecordedOrder(certificateAuthorities, at(recorded, "certificateAuthorities")),
    ),
    privateRanges: unlessEmpty(inRecordedOrder(privateRanges, at(recorded, "privateRanges"))),
  });
  return Object.keys(settled).length > 0 ? settled : undefined;
}

function settledPolicy(policy: Allowlist, recorded: unknown): Record<string, unknown> {
  const { allowedDomains, domainSecrets = [] } = policy;
  return defined({
    ...policy,
    allowedDomains: inRecordedOrder(allowedDomains, at(recorded, "allowedDomains")),
    domainSecrets: unlessEmpty(inRecordedOrder(domainSecrets, at(recorded, "domainSecrets"), domainAndName)),
  });
}

function domainAndName(secret: unknown): string {
  return JSON.stringify([at(secret, "domain"), at(secret, "name")]);
}

function unlessEmpty<T>(list: T[]): T[] | undefined {
  return list.length > 0 ? list : undefined;
}
