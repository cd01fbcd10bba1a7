/** The body of a create request: the published `CreateContainerBody`. */
export interface CreateContainerBody {
  name: string;
  file_ids?: string[] | undefined;
  expires_after?: { anchor: "last_active_at"; minutes: number } | undefined;
  skills?: (SkillReference | InlineSkill)[] | undefined;
  memory_limit?: "1g" | "4g" | "16g" | "64g" | undefined;
  network_policy?: { type: "disabled" } | Allowlist | undefined;
}

interface SkillReference {
  type: "skill_reference";
  skill_id: string;
  version?: string | undefined;
}

interface InlineSkill {
  type: "inline";
  name: string;
  description: string;
  source: { type: "base64"; media_type: "application/zip"; data: string };
}

interface Allowlist {
  type: "allowlist";
  allowed_domains: string[];
  domain_secrets?: { domain: string; name: string; value: string }[] | undefined;
}
