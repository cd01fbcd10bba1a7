import type { ResourceValidationArgs, ResourceValidationPolicy } from "@pulumi/policy";
import type { Unwrap } from "@pulumi/pulumi";
import type { ContainerArgs, MemoryLimit } from "pulumi-openai-containers";

const tiers: MemoryLimit[] = ["1g", "4g", "16g", "64g"];

/** Its configuration `allowedDomains` lists what containers may reach. Default: nothing. */
export const egressPolicy: ResourceValidationPolicy = {
  name: "container-egress",
  description: "Containers may reach only the domains in the policy's configuration.",
  enforcementLevel: "mandatory",
  configSchema: { properties: { allowedDomains: { type: "array", items: { type: "string" } } } },
  validateResource: (args, reportViolation) => {
    const policy = containerArgs(args)?.networkPolicy;
    if (policy?.type !== "allowlist") return;
    const { allowedDomains = [] } = args.getConfig<{ allowedDomains?: string[] }>();
    const others = policy.allowedDomains.filter((domain) => !allowedDomains.includes(domain));
    if (others.length === 0) return;
    const allowed = allowedDomains.join(", ") || "nothing";
    reportViolation(`It could reach ${others.join(", ")}. Containers may reach ${allowed}.`);
  },
};

/** Its configuration `maximum` is the largest memory limit. Default: `4g`. */
export const memoryPolicy: ResourceValidationPolicy = {
  name: "container-memory",
  description: "Containers may have at most the memory in the policy's configuration.",
  enforcementLevel: "mandatory",
  configSchema: { properties: { maximum: { type: "string", enum: tiers } } },
  validateResource: (args, reportViolation) => {
    const memoryLimit = containerArgs(args)?.memoryLimit;
    const { maximum = "4g" } = args.getConfig<{ maximum?: MemoryLimit }>();
    if (memoryLimit === undefined || tiers.indexOf(memoryLimit) <= tiers.indexOf(maximum)) return;
    reportViolation(`Its memory limit is ${memoryLimit}. Containers may have at most ${maximum}.`);
  },
};

/**
 * The arguments of a container, as the provider has normalised them: with defaults, and with domains in lower case.
 * @returns undefined for any other resource
 */
function containerArgs({ type, props }: ResourceValidationArgs): Unwrap<ContainerArgs> | undefined {
  return type === "pulumi-nodejs:dynamic/openai-containers:Container" ? props : undefined;
}
