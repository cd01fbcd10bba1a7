import { ApiError, invalidUrl, unknownCursor } from "../http/api-error";
import type { ApiRequest } from "../http/api-request";
import { jsonBody } from "../http/json-body";
import { validate } from "../http/validate";
import type { Operation } from "../operation";
import { fileOf, filePage } from "./container-files";
import type { ContainerList } from "./container-resource";
import type { ContainerStore } from "./container-store";
import { type CreateRules, createBodySchema } from "./create-body-schema";
import { fileListQuery, listQuery } from "./list-query";
import type { RequestedContent } from "./requested-content";
import { isExpired, resourceOf, type StoredContainer } from "./stored-container";

/** The API's operations on containers, and those that read a container's files. */
export class ContainersApi {
  private readonly createBody;

  /** @param now milliseconds since the epoch */
  constructor(
    private readonly store: ContainerStore,
    private readonly content: RequestedContent,
    private readonly now: () => number,
    rules: CreateRules,
  ) {
    this.createBody = createBodySchema(rules);
  }

  /** @throws ApiError for a request that the API rejects */
  async operation(request: ApiRequest): Promise<Operation> {
    const { method, path } = request;
    if (path === "/v1/containers") {
      if (method === "POST") return this.create(request);
      if (method === "GET") return this.list(request);
    }
    const id = /^\/v1\/containers\/([^/]+)$/.exec(path)?.[1];
    if (id !== undefined) {
      if (method === "GET") return this.retrieve(this.find(request, id));
      if (method === "DELETE") return this.delete(this.find(request, id));
    }
    const [, idOfFiles, fileId, content] =
      /^\/v1\/containers\/([^/]+)\/files(?:\/([^/]+)(\/content)?)?$/.exec(path) ?? [];
    if (idOfFiles === undefined || method !== "GET") throw invalidUrl(request);
    const container = this.find(request, idOfFiles);
    if (fileId === undefined) return this.reading(container, () => filePage(container, fileListQuery(request.query)));
    return this.reading(container, () => {
      const file = fileOf(container, fileId);
      return content ? file.content : file.resource;
    });
  }

  private async create(request: ApiRequest): Promise<Operation> {
    const body = validate(this.createBody, jsonBody(request));
    const files = await this.content.of(request.account, body);
    const now = this.now();
    const container = this.store.prepare(request.account, body, now, files);
    const response = { status: 200, body: resourceOf(container, now) };
    return { response, commit: () => this.store.add(container) };
  }

  /** Retrieving a container counts as activity; listing it does not. */
  private retrieve(container: StoredContainer): Operation {
    const now = this.now();
    const touched = isExpired(container, now) ? container : { ...container, lastActiveAt: now };
    const response = { status: 200, body: resourceOf(touched, now) };
    return { response, commit: () => this.store.touch(container, now) };
  }

  private delete(container: StoredContainer): Operation {
    const body = { id: container.settings.id, object: "container.deleted", deleted: true };
    return { response: { status: 200, body }, commit: () => this.store.delete(container, this.now()) };
  }

  private list({ account, query }: ApiRequest): Operation {
    const now = this.now();
    const parsed = listQuery(query);
    const { containers, hasMore } = this.store.page(account, parsed, this.cursor(account, parsed.after), now);
    const data = containers.map((container) => resourceOf(container, now));
    const ends = { first_id: data.at(0)?.id ?? null, last_id: data.at(-1)?.id ?? null };
    const body: ContainerList = { object: "list", data, ...ends, has_more: hasMore };
    return { response: { status: 200, body } };
  }

  /** Reading a container's files counts as activity. */
  private reading(container: StoredContainer, read: () => unknown): Operation {
    const now = this.now();
    if (isExpired(container, now)) throw new ApiError(400, "Container is expired.");
    return { response: { status: 200, body: read() }, commit: () => this.store.touch(container, now) };
  }

  private cursor(account: string, id: string | undefined): StoredContainer | undefined {
    if (id === undefined) return undefined;
    const container = this.store.findIncludingDeleted(id);
    if (container?.account === account) return container;
    throw unknownCursor("container", id);
  }

  private find({ account }: ApiRequest, id: string): StoredContainer {
    const container = this.store.find(account, id);
    if (!container) throw new ApiError(404, `Container with id '${id}' not found.`);
    return container;
  }
}
