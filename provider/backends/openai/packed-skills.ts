import type { Container } from "../../model/container";
import type { InlineSkill } from "../../model/skills";
import { SkillError } from "../../skills/skill-error";
import { zipOf } from "../../skills/skill-zip";

type Skill = NonNullable<Container["skills"]>[number];
type Packed = Omit<InlineSkill, "source"> & { source: Extract<InlineSkill["source"], { type: "base64" }> };

/** A skill as the API takes it: by reference, or as a zip. */
export type SentSkill = Exclude<Skill, InlineSkill> | Packed;

/**
 * The skills of a container with each folder as a zip.
 * @throws SkillError where a folder is not as the program found it
 */
export async function packedSkills(skills: readonly Skill[]): Promise<SentSkill[]> {
  const packed: SentSkill[] = [];
  for (const [index, skill] of skills.entries()) {
    packed.push(skill.type === "inline" ? await packedSkill(skill, `skills[${index}].source.path`) : skill);
  }
  return packed;
}

async function packedSkill(skill: InlineSkill, path: string): Promise<Packed> {
  const { source } = skill;
  if (source.type === "base64") return { ...skill, source };
  try {
    const data = (await zipOf(skill)).toString("base64");
    return { ...skill, source: { type: "base64", mediaType: "application/zip", data } };
  } catch (error) {
    throw error instanceof SkillError ? new SkillError(error.code, `${path}: ${error.text}`) : error;
  }
}
