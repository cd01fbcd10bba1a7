import { z } from "zod";
import { ApiError, invalidUrl } from "../http/api-error";
import type { ApiRequest } from "../http/api-request";
import { formFields } from "../http/form-body";
import { listPage } from "../http/list-page";
import { queryValues } from "../http/query-values";
import { validate } from "../http/validate";
import type { Operation } from "../operation";
import type { FileStore, StoredFile } from "./file-store";
import { fileUpload } from "./upload-schema";

const listQuery = z.strictObject({
  purpose: z.string().optional(),
  limit: z.number().multipleOf(1).min(1).max(10_000).default(10_000),
  order: z.enum(["asc", "desc"]).default("desc"),
  after: z.string().optional(),
});

const batchLifeSeconds = 30 * 24 * 60 * 60;

/** As users report it; the reference does not say it: https://github.com/BasedHardware/omi/issues/3361 */
const purposesWithoutDownload = ["assistants", "user_data"];

/** The API's operations on the account's files. */
export class FilesApi {
  constructor(private readonly store: FileStore) {}

  /** @throws ApiError for a request that the API rejects */
  async operation(request: ApiRequest): Promise<Operation> {
    const { account, method, path } = request;
    if (path === "/v1/files") {
      if (method === "POST") return this.upload(request);
      if (method === "GET") return this.list(request);
    }
    const [, id, content] = /^\/v1\/files\/([^/]+)(\/content)?$/.exec(path) ?? [];
    if (id !== undefined && method === "GET") {
      const file = this.find(account, id);
      return content ? contentOf(file) : { response: { status: 200, body: resourceOf(file) } };
    }
    if (id !== undefined && method === "DELETE" && !content) return this.delete(account, this.find(account, id));
    throw invalidUrl(request);
  }

  private async upload(request: ApiRequest): Promise<Operation> {
    const { file, purpose, expires_after } = fileUpload(await formFields(request));
    const lifeSeconds = expires_after?.seconds ?? (purpose === "batch" ? batchLifeSeconds : undefined);
    const { fileName: name = "file", content } = file;
    const stored = this.store.prepare({ name, purpose, content, ...(lifeSeconds !== undefined && { lifeSeconds }) });
    return {
      response: { status: 200, body: resourceOf(stored) },
      commit: () => this.store.add(request.account, stored),
    };
  }

  private list({ account, query }: ApiRequest): Operation {
    const { purpose, ...page } = validate(listQuery, queryValues(query));
    const files = this.store.all(account).filter((file) => purpose === undefined || file.purpose === purpose);
    return { response: { status: 200, body: listPage(files.map(resourceOf), page, "file", "") } };
  }

  private delete(account: string, { id }: StoredFile): Operation {
    const response = { status: 200, body: { id, object: "file", deleted: true } };
    return { response, commit: () => this.store.delete(account, id) };
  }

  private find(account: string, id: string): StoredFile {
    const file = this.store.find(account, id);
    if (!file) throw noSuchFile(id, "id");
    return file;
  }
}

/** The words are the API's, as users report them. */
export function noSuchFile(id: string, param: string): ApiError {
  return new ApiError(404, `No such File object: ${id}`, { param });
}

function contentOf({ purpose, content }: StoredFile): Operation {
  if (purposesWithoutDownload.includes(purpose)) {
    throw new ApiError(400, `Not allowed to download files of purpose: ${purpose}`);
  }
  return { response: { status: 200, body: content } };
}

/** The published `OpenAIFile`. */
function resourceOf({ id, name, purpose, createdAt, expiresAt, content }: StoredFile) {
  return {
    id,
    object: "file",
    bytes: content.length,
    created_at: createdAt,
    ...(expiresAt !== undefined && { expires_at: expiresAt }),
    filename: name,
    purpose,
    status: "processed",
  };
}
