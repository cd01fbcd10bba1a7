import { z } from "zod";
import { at, unknownValue } from "./unknowns";

/** What a container is taught: skills of the account by their ids, and skills handed over as zips. */

const versionText = 'a positive whole number or "latest"';
const version = z.union([z.int().min(1), z.string().regex(/^(latest|[1-9]\d*)$/, versionText)], { error: versionText });

const reference = z.strictObject({
  type: z.literal("skill_reference"),
  skillId: z.string().min(1).max(64),
  // The wire wants text.
  version: version.transform(String).optional(),
});

const inline = z.strictObject({
  type: z.literal("inline"),
  name: z.string().min(1),
  description: z.string().min(1),
  source: z.strictObject({
    type: z.literal("base64"),
    mediaType: z.literal("application/zip"),
    data: z.string().min(1).max(70_254_592).refine(isBase64, "base64 with padding"),
  }),
});

export const skillsSchema = z
  .array(z.discriminatedUnion("type", [reference, inline]))
  .superRefine(judgeTogether, { when: () => true });

/** A search for what does not belong, as one pattern for the whole would keep a way back at each of 70 million places. */
function isBase64(text: string): boolean {
  return text.length % 4 === 0 && !/[^A-Za-z0-9+/]/.test(text.replace(/={1,2}$/, ""));
}

/** The same skill twice is one too many, in two versions as well. */
function judgeTogether(skills: unknown, { addIssue }: z.core.$RefinementCtx<unknown>): void {
  const first = new Map<string, number>();
  for (const [index, skill] of Array.isArray(skills) ? skills.entries() : []) {
    const identity = identityOf(skill);
    if (identity === undefined) continue;
    const before = first.get(identity);
    if (before === undefined) first.set(identity, index);
    else {
      const params = { got: `the same skill as skills[${before}]` };
      addIssue({ code: "custom", path: [index], params, message: "each skill once" });
    }
  }
}

/** Undefined while it is unknown or wrong. */
function identityOf(skill: unknown): string | undefined {
  const type = at(skill, "type");
  const id = at(skill, type === "inline" ? "name" : "skillId");
  const known = [type, id].every((part) => typeof part === "string" && part !== unknownValue);
  return known ? `${type} ${id}` : undefined;
}
