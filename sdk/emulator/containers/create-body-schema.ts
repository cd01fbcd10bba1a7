import { z } from "zod";

export interface CreateRules {
  readonly maximumMinutes: number;
  /** The organization's allow list; undefined allows every domain. */
  readonly organizationDomains: readonly string[] | undefined;
}

/** The reference has these limits for `container_auto`; that they apply to `/containers` is a guess. */
const maxFiles = 50;
const maxSkills = 200;

const domainSecret = z.strictObject({
  domain: z.string().min(1),
  name: z.string().min(1),
  value: z.string().min(1).max(10_485_760),
});

const skill = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("skill_reference"),
    skill_id: z.string().min(1).max(64),
    version: z
      .string()
      .regex(/^(latest|[1-9][0-9]*)$/)
      .optional(),
  }),
  z.strictObject({
    type: z.literal("inline"),
    name: z.string(),
    description: z.string(),
    source: z.strictObject({
      type: z.literal("base64"),
      media_type: z.literal("application/zip"),
      data: z.string().min(1).max(70_254_592).refine(isBase64, "not base64. Expected base64 with padding."),
    }),
  }),
]);

/** That the hosted API rejects anything else is a guess, and so is the wording. */
function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

/** The published `CreateContainerBody`, with the limits that the hosted API is known to enforce; unknown fields are rejected. */
export function createBodySchema({ maximumMinutes, organizationDomains }: CreateRules) {
  const allowlist = z
    .strictObject({
      type: z.literal("allowlist"),
      allowed_domains: z.array(z.string()).min(1),
      domain_secrets: z.array(domainSecret).min(1).optional(),
    })
    .superRefine(({ allowed_domains, domain_secrets = [] }, context) => {
      const reject = (message: string, ...path: (string | number)[]) =>
        context.addIssue({ code: "custom", message, path });
      // Both are documented as rejected, without the response: status, code and wording are a guess.
      for (const [index, domain] of allowed_domains.entries()) {
        if (organizationDomains && !organizationDomains.includes(domain)) {
          reject(`'${domain}' is not on the organization's allow list.`, "allowed_domains", index);
        }
      }
      for (const [index, { domain }] of domain_secrets.entries()) {
        if (!allowed_domains.includes(domain)) {
          reject(`'${domain}' is not among the allowed domains.`, "domain_secrets", index, "domain");
        }
      }
    });

  return z.strictObject({
    name: z.string(),
    file_ids: z.array(z.string()).max(maxFiles).optional(),
    expires_after: z
      .strictObject({
        anchor: z.literal("last_active_at"),
        minutes: z.number().multipleOf(1).min(1).max(maximumMinutes),
      })
      .optional(),
    skills: z.array(skill).max(maxSkills).optional(),
    memory_limit: z.enum(["1g", "4g", "16g", "64g"]).optional(),
    network_policy: z
      .discriminatedUnion("type", [z.strictObject({ type: z.literal("disabled") }), allowlist])
      .optional(),
  });
}
