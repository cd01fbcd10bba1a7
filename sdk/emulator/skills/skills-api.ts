import { ApiError, invalidUrl } from "../http/api-error";
import type { ApiRequest } from "../http/api-request";
import { formFields } from "../http/form-body";
import { jsonBody } from "../http/json-body";
import { listPage } from "../http/list-page";
import type { Operation } from "../operation";
import { uploadedBundle } from "./bundle";
import { isDefaultVersion, skillListQuery, skillUpdate } from "./skill-requests";
import { latestVersion, type SkillStore, type SkillVersion, type StoredSkill } from "./skill-store";

/** The API's operations on the account's skills and their versions. */
export class SkillsApi {
  constructor(private readonly store: SkillStore) {}

  /** @throws ApiError for a request that the API rejects */
  async operation(request: ApiRequest): Promise<Operation> {
    const { account, method, path } = request;
    const match = /^\/v1\/skills(?:\/([^/]+)(\/content|\/versions(?:\/([^/]+)(\/content)?)?)?)?$/.exec(path);
    if (!match) throw invalidUrl(request);
    const [, id, below, version, content] = match;
    if (id === undefined) return this.ofAll(request);
    const skill = this.store.find(account, id);
    if (!skill) throw noSuchSkill(id, undefined, "skill_id");
    if (below === undefined) return this.ofOne(skill, request);
    if (version !== undefined) return ofVersion(skill, versionOf(skill, version), content !== undefined, request);
    if (below === "/versions") return this.ofVersions(skill, request);
    if (method !== "GET") throw invalidUrl(request);
    return contentOf(versionOf(skill, skill.defaultVersion));
  }

  private async ofAll(request: ApiRequest): Promise<Operation> {
    const { account, method, query } = request;
    if (method === "GET") {
      return ok(listPage(this.store.all(account).map(skillResource), skillListQuery(query), "skill", null));
    }
    if (method !== "POST") throw invalidUrl(request);
    const skill = this.store.prepare(await uploadedBundle(await formFields(request)));
    return ok(skillResource(skill), () => this.store.add(account, skill));
  }

  private ofOne(skill: StoredSkill, request: ApiRequest): Operation {
    const { account, method } = request;
    if (method === "GET") return ok(skillResource(skill));
    if (method === "DELETE") {
      const body = { object: "skill.deleted", deleted: true, id: skill.id };
      return ok(body, () => this.store.remove(account, skill.id));
    }
    if (method !== "POST") throw invalidUrl(request);
    const { default_version: version } = skillUpdate(jsonBody(request));
    versionOf(skill, version, "default_version");
    return ok(skillResource({ ...skill, defaultVersion: version }), () => {
      skill.defaultVersion = version;
    });
  }

  private async ofVersions(skill: StoredSkill, request: ApiRequest): Promise<Operation> {
    if (request.method === "GET") {
      const all = [...skill.versions.values()].map((version) => versionResource(skill, version));
      return ok(listPage(all, skillListQuery(request.query), "skill version", null));
    }
    if (request.method !== "POST") throw invalidUrl(request);
    const fields = await formFields(request);
    const added = this.store.prepareVersion(await uploadedBundle(fields), skill.lastNumber + 1);
    return ok(versionResource(skill, added), () => {
      skill.lastNumber += 1;
      skill.versions.set(added.version, added);
      if (isDefaultVersion(fields)) skill.defaultVersion = added.version;
    });
  }
}

/** Status and wording are a guess. */
export function noSuchSkill(id: string, version: string | undefined, param: string): ApiError {
  const what = version === undefined ? `Skill with id '${id}'` : `Version '${version}' of skill '${id}'`;
  return new ApiError(404, `${what} not found.`, { param });
}

/** @throws ApiError 404 */
function versionOf(skill: StoredSkill, version: string, param = "version"): SkillVersion {
  const found = skill.versions.get(version);
  if (!found) throw noSuchSkill(skill.id, version, param);
  return found;
}

function ofVersion(skill: StoredSkill, version: SkillVersion, ofContent: boolean, request: ApiRequest): Operation {
  if (request.method === "GET") return ofContent ? contentOf(version) : ok(versionResource(skill, version));
  if (request.method === "DELETE" && !ofContent) return deleteVersion(skill, version);
  throw invalidUrl(request);
}

/** That the default version cannot be deleted is a guess, and so are status and wording. */
function deleteVersion(skill: StoredSkill, { version }: SkillVersion): Operation {
  if (version === skill.defaultVersion) {
    throw new ApiError(400, "Cannot delete the default version of a skill.", { param: "version" });
  }
  const body = { object: "skill.version.deleted", deleted: true, id: skill.id, version };
  return ok(body, () => skill.versions.delete(version));
}

function contentOf({ zip }: SkillVersion): Operation {
  return { response: { status: 200, headers: { "content-type": "application/zip" }, body: zip } };
}

/** The published `SkillResource`. That name and description are those of the default version is a guess. */
function skillResource(skill: StoredSkill) {
  const { id, createdAt, defaultVersion } = skill;
  const { name, description } = versionOf(skill, defaultVersion);
  return {
    id,
    object: "skill",
    name,
    description,
    created_at: createdAt,
    default_version: defaultVersion,
    latest_version: latestVersion(skill),
  };
}

/** The published `SkillVersionResource`. */
function versionResource({ id: skill_id }: StoredSkill, { id, version, createdAt, name, description }: SkillVersion) {
  return { object: "skill.version", id, skill_id, version, created_at: createdAt, name, description };
}

function ok(body: unknown, commit: () => void = () => {}): Operation {
  return { response: { status: 200, body }, commit };
}
