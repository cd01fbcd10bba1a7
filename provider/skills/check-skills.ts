import { isDeepStrictEqual } from "node:util";
import { type Code, coded } from "../codes";
import type { Problem } from "../model/problems";
import { type InlineSkill, inlineSkillSchema } from "../model/skills";
import { holdsUnknown } from "../model/unknowns";
import { listSkillArchive } from "./skill-archive";
import { SkillError } from "./skill-error";
import { zipOf } from "./skill-zip";

/**
 * What is wrong with the content of inline skills, which a preview reports with their paths. Reads the zips' directories
 * and the folders, and changes nothing.
 * @param skills invalid ones are left to the schema
 * @param recorded the skills of a container that stays: what it has already is not checked again, as its folder may have
 * changed since, or be gone
 * @param areSecret whether the program made the skills secret: then no name in them is quoted
 */
export async function skillProblems(skills: unknown, recorded: unknown, areSecret: boolean): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const [index, skill] of listOf(skills).entries()) {
    const inline = inlineSkillSchema.safeParse(skill);
    const isRecorded = listOf(recorded).some((member) => isDeepStrictEqual(member, skill));
    if (!inline.success || holdsUnknown(skill) || isRecorded) continue;
    const problem = await problemOf(inline.data, `skills[${index}].source`, areSecret);
    if (problem !== undefined) problems.push(problem);
  }
  return problems;
}

async function problemOf(skill: InlineSkill, path: string, isSecret: boolean): Promise<Problem | undefined> {
  try {
    await listSkillArchive(await zipOf(skill));
    return undefined;
  } catch (error) {
    if (!(error instanceof SkillError)) throw error;
    const place = `${path}.${skill.source.type === "base64" ? "data" : "path"}`;
    return coded(error.code, `${place}: ${isSecret ? ruleOf(error.code) : error.text}`);
  }
}

/** What troubleshooting.md says of a code, in place of a text that quotes what is in a skill. */
function ruleOf(code: Code): string {
  const { codes }: typeof import("../codes/areas") = require("../codes/areas"); // loaded when used: most runs have no such error
  const { cause, remedy } = codes[code];
  return `the skill cannot be used: it is a secret, so no name in it is shown. ${cause} ${remedy.replace(/\.$/, "")}`;
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
