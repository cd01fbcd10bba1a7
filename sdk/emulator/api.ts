import type { ContainersApi } from "./containers/containers-api";
import type { FilesApi } from "./files/files-api";
import type { ApiRequest } from "./http/api-request";
import type { Operation } from "./operation";
import type { SkillsApi } from "./skills/skills-api";

/** All endpoints, by the first part of the path. */
export class Api {
  constructor(
    private readonly containers: ContainersApi,
    private readonly files: FilesApi,
    private readonly skills: SkillsApi,
  ) {}

  /** @throws ApiError for a request that the API rejects */
  async operation(request: ApiRequest): Promise<Operation> {
    if (/^\/v1\/files(\/|$)/.test(request.path)) return this.files.operation(request);
    if (/^\/v1\/skills(\/|$)/.test(request.path)) return this.skills.operation(request);
    return this.containers.operation(request);
  }
}
