import { z } from "zod";
import { canonicalDomain, mistakeInDomain } from "./domains";
import { asSet } from "./field";
import { at } from "./unknowns";

/** Which domains a container may reach, and the secrets that are injected into its requests. */

const domain = z.string().check((payload) => {
  const got = mistakeInDomain(payload.value);
  if (got === undefined) payload.value = canonicalDomain(payload.value);
  else {
    const message = 'an exact host name such as "api.github.com"';
    payload.issues.push({ code: "custom", input: payload.value, params: { got }, message });
  }
});

const secretName = z.string().regex(/^[A-Za-z_]\w*$/, "the name of an environment variable, such as API_KEY");

// A secret becomes part of an HTTP header, which a line break would end.
const secretValue = z
  .string()
  .min(1)
  .max(10_485_760)
  .refine((value) => !/[\r\n\0]/.test(value), { params: { got: "text with CR, LF or NUL" }, error: "text without" });

export const allowlistSchema = z
  .strictObject({
    type: z.literal("allowlist"),
    allowedDomains: asSet(z.array(domain).min(1)),
    domainSecrets: asSet(z.array(z.strictObject({ domain, name: secretName, value: secretValue })), {
      identity: (secret) => JSON.stringify([at(secret, "domain"), at(secret, "name")]),
      isSecret: true,
    }).optional(),
  })
  .superRefine(validateTogether, { when: () => true });

export const networkPolicySchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("disabled") }),
  allowlistSchema,
]);

export type Allowlist = z.output<typeof allowlistSchema>;

/**
 * The rules between members. They apply to each member that is valid by itself, whatever else is invalid or unknown: the
 * placeholder of an unknown value is neither a domain nor a name.
 */
function validateTogether(policy: unknown, { addIssue }: z.core.$RefinementCtx<unknown>): void {
  const allowed = z.array(domain).safeParse(at(policy, "allowedDomains")).data;
  const secrets = at(policy, "domainSecrets");
  const seen = new Set<string>();
  for (const [index, secret] of Array.isArray(secrets) ? secrets.entries() : []) {
    const path = ["domainSecrets", index];
    const host = domain.safeParse(at(secret, "domain")).data;
    const name = secretName.safeParse(at(secret, "name")).data;
    if (host === undefined) continue;
    if (allowed?.includes(host) === false) {
      const params = { got: "a domain that is not allowed", isConflict: true };
      addIssue({ code: "custom", path: [...path, "domain"], params, message: "one of networkPolicy.allowedDomains" });
    }
    if (name === undefined) continue;
    if (seen.has(`${name} ${host}`)) {
      const params = { got: "a name that another secret has for the same domain", isConflict: true };
      addIssue({ code: "custom", path: [...path, "name"], params, message: "each name once for a domain" });
    }
    seen.add(`${name} ${host}`);
  }
}
