import type { FileStore, StoredFile } from "../files/file-store";
import { noSuchFile } from "../files/files-api";
import { readBundle } from "../skills/bundle";
import type { SkillStore } from "../skills/skill-store";
import { noSuchSkill } from "../skills/skills-api";
import type { CreateContainerBody } from "./create-container-body";

/** The files and skills that create requests refer to. */
export class RequestedContent {
  constructor(
    private readonly files: FileStore,
    private readonly skills: SkillStore,
  ) {}

  /**
   * The files of a container to be created.
   * @throws ApiError for a file or a skill that does not exist, and for an inline skill that breaks the limits: that the
   * API names the parameter is a guess
   */
  async of(account: string, { file_ids = [], skills = [] }: CreateContainerBody): Promise<StoredFile[]> {
    for (const [index, skill] of skills.entries()) {
      const param = `skills[${index}]`;
      if (skill.type === "skill_reference") this.assertSkill(account, skill.skill_id, skill.version, param);
      else await readBundle(Buffer.from(skill.source.data, "base64"), `${param}.source.data`);
    }
    return file_ids.map((id, index) => {
      const file = this.files.find(account, id);
      if (!file) throw noSuchFile(id, `file_ids[${index}]`);
      return file;
    });
  }

  /** OpenAI's own skills, such as `openai-spreadsheets`, exist in each account, with any version. */
  private assertSkill(account: string, id: string, version: string | undefined, param: string): void {
    if (id.startsWith("openai-")) return;
    const skill = this.skills.find(account, id);
    if (!skill) throw noSuchSkill(id, undefined, `${param}.skill_id`);
    if (version === undefined || version === "latest" || skill.versions.has(version)) return;
    throw noSuchSkill(id, version, `${param}.version`);
  }
}
