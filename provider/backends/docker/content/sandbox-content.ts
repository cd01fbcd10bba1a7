import { containerSchema } from "../../../model/container";
import { readSkillArchive } from "../../../skills/skill-archive";
import { SkillError } from "../../../skills/skill-error";
import { zipOf } from "../../../skills/skill-zip";
import type { AccountContent, AccountFile, OpenAccount } from "../../account-content";
import { BackendError, type Recorded, type Report } from "../../backend";
import type { UnpackedSkill } from "./skills-archive";

/** What a sandbox has from its first start on: files, whose content is not read yet, and skills. */
export interface SandboxContent {
  files: readonly AccountFile[];
  skills: readonly UnpackedSkill[];
}

const contentSchema = containerSchema.pick({ fileIds: true, skills: true });
type Requested = ReturnType<typeof contentSchema.parse>;
type Skill = NonNullable<Requested["skills"]>[number];

/** Of a sandbox that has an empty data folder and no skills. */
export const noContent: SandboxContent = { files: [], skills: [] };

/**
 * Fetches what the arguments of a sandbox name.
 * @throws BackendError where the account cannot be opened, it has no such file or skill, or a skill cannot be used
 */
export async function contentOf(
  { fileIds = [], skills = [] }: Requested,
  openAccount: OpenAccount,
  report: Report,
): Promise<SandboxContent> {
  const unpacked: UnpackedSkill[] = [];
  for (const [index, skill] of skills.entries()) {
    const path = `skills[${index}]`;
    unpacked.push(await unpackedSkill(skill, path, () => openAccount(path, report)));
  }
  if (fileIds.length === 0) return { files: [], skills: unpacked };
  const account = await openAccount("fileIds", report);
  return { files: await Promise.all(fileIds.map((id) => account.file(id))), skills: unpacked };
}

/**
 * Fetches the content that a sandbox was requested with.
 * @throws BackendError as contentOf, and where state has no valid record of it
 */
export async function recordedContent(
  id: string,
  { fileIds, skills }: Recorded,
  openAccount: OpenAccount,
  report: Report,
): Promise<SandboxContent> {
  const recorded = contentSchema.safeParse({ fileIds, skills });
  if (recorded.success) return contentOf(recorded.data, openAccount, report);
  throw new BackendError(
    "OC2224",
    `Cannot copy the files and skills of ${id} again: their record in Pulumi's state is incomplete`,
    "Replace the container (`pulumi up --replace` with its URN)",
  );
}

async function unpackedSkill(skill: Skill, path: string, open: () => Promise<AccountContent>): Promise<UnpackedSkill> {
  try {
    const { name, zip } =
      skill.type === "inline"
        ? { name: skill.name, zip: await zipOf(skill) }
        : await (await open()).skill(skill.skillId, skill.version);
    return { name, files: (await readSkillArchive(zip)).files };
  } catch (error) {
    const place = skill.type === "inline" ? path : `${path} (${skill.skillId})`;
    throw error instanceof SkillError ? unusable(place, error) : error;
  }
}

/** A skill's error ends in what to do. */
function unusable(place: string, error: SkillError): BackendError {
  const [, what = error.text, advice = "Correct it"] = /^(.*)\. (.*)$/s.exec(error.text) ?? [];
  return new BackendError(error.code, `${place}: ${what}`, advice, { cause: error });
}
