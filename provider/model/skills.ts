import { z } from "zod";
import { accountId } from "./account-id";
import { at, unknownValue } from "./unknowns";

/** The skills of a container: skills of the account by id, and inline skills as zips. */

const versionText = 'a positive whole number or "latest"';
const version = z.union([z.int().min(1), z.string().regex(/^(latest|[1-9]\d*)$/, versionText)], { error: versionText });

const reference = z.strictObject({
  type: z.literal("skill_reference"),
  skillId: accountId.max(64),
  // The API takes text.
  version: version.transform(String).optional(),
});

const base64 = z.strictObject({
  type: z.literal("base64"),
  mediaType: z.literal("application/zip"),
  data: z.string().min(1).max(70_254_592).refine(isBase64, "base64 with padding"),
});

/** A folder on the machine that runs Pulumi, of which state keeps no content. */
const folder = z.strictObject({
  type: z.literal("folder"),
  path: z.string().min(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, "64 hexadecimal digits in lower case"),
});

export const inlineSkillSchema = z.strictObject({
  type: z.literal("inline"),
  name: z.string().min(1),
  description: z.string().min(1),
  source: z.discriminatedUnion("type", [base64, folder]),
});

/** A skill that the program supplies, as `check` leaves it. */
export type InlineSkill = z.output<typeof inlineSkillSchema>;

/** The API's limit is that of containers which a response creates by itself; for these it states none. */
export const skillsSchema = z
  .array(z.discriminatedUnion("type", [reference, inlineSkillSchema]))
  .max(200)
  .superRefine(validateTogether, { when: () => true });

/** A search for a character that is not base64: one pattern for the whole would keep 70 million places to backtrack to. */
function isBase64(text: string): boolean {
  return text.length % 4 === 0 && !/[^A-Za-z0-9+/]/.test(text.replace(/={1,2}$/, ""));
}

/** The positions of skills whose content is whatever their account has when a container is created. */
export function unpinnedSkills(skills: unknown): number[] {
  const list: unknown[] = Array.isArray(skills) ? skills : [];
  return list.flatMap((skill, index) => (isUnpinned(skill) ? [index] : []));
}

function isUnpinned(skill: unknown): boolean {
  const version = at(skill, "version");
  return at(skill, "type") === "skill_reference" && (version === undefined || version === "latest");
}

/** A skill without the place of its folder: its contents are what counts, wherever the folder is. */
export function withoutFolderPath(skill: unknown): unknown {
  const source = at(skill, "source");
  if (at(source, "type") !== "folder") return skill;
  return { ...Object(skill), source: { ...Object(source), path: undefined } };
}

/** Each skill once, whatever its version. */
function validateTogether(skills: unknown, { addIssue }: z.core.$RefinementCtx<unknown>): void {
  const first = new Map<string, number>();
  for (const [index, skill] of Array.isArray(skills) ? skills.entries() : []) {
    const identity = identityOf(skill);
    if (identity === undefined) continue;
    const before = first.get(identity);
    if (before === undefined) first.set(identity, index);
    else {
      const params = { got: `the same skill as skills[${before}]`, isConflict: true };
      addIssue({ code: "custom", path: [index], params, message: "each skill once" });
    }
  }
}

/** Undefined while it is unknown or invalid. */
function identityOf(skill: unknown): string | undefined {
  const type = at(skill, "type");
  const id = at(skill, type === "inline" ? "name" : "skillId");
  const known = [type, id].every((part) => typeof part === "string" && part !== unknownValue);
  return known ? `${type} ${id}` : undefined;
}
