import { ApiError, unknownCursor } from "./api-error";
import type { Answer, Call } from "./call";
import type { Clock } from "./clock";
import { filePage } from "./container-files";
import type { ContainerList } from "./container-resource";
import { type CreateRules, createBodySchema } from "./create-body";
import { type Entry, isExpired, resourceOf } from "./entry";
import { jsonBody } from "./json-body";
import { fileListQuery, listQuery } from "./list-query";
import { parse } from "./parse";
import type { Store } from "./store";

/** An answer, and what the request does to the store: nothing is done until it is called. */
export interface Outcome {
  answer: Answer;
  effect?: () => void;
}

/** The operations of the Containers API on containers, and the list of a container's files. */
export class ContainersApi {
  private readonly createBody;

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    rules: CreateRules,
  ) {
    this.createBody = createBodySchema(rules);
  }

  /** @throws ApiError for what the API refuses */
  outcome(call: Call): Outcome {
    const { method, path } = call;
    if (path === "/v1/containers") {
      if (method === "POST") return this.create(call);
      if (method === "GET") return this.list(call);
    }
    const id = /^\/v1\/containers\/([^/]+)$/.exec(path)?.[1];
    if (id !== undefined) {
      if (method === "GET") return this.retrieve(this.find(call, id));
      if (method === "DELETE") return this.delete(this.find(call, id));
    }
    const holder = /^\/v1\/containers\/([^/]+)\/files$/.exec(path)?.[1];
    if (holder !== undefined && method === "GET") return this.files(this.find(call, holder), call);
    throw new ApiError(404, `Invalid URL (${method} ${path})`);
  }

  private create(call: Call): Outcome {
    const now = this.clock.now();
    const entry = this.store.draw(call.account, parse(this.createBody, jsonBody(call)), now);
    return { answer: { status: 200, body: resourceOf(entry, now) }, effect: () => this.store.add(entry) };
  }

  /** Asking about a container is using it; listing it is not. */
  private retrieve(entry: Entry): Outcome {
    const now = this.clock.now();
    const used = isExpired(entry, now) ? entry : { ...entry, activeAt: now };
    return { answer: { status: 200, body: resourceOf(used, now) }, effect: () => this.store.touch(entry, now) };
  }

  private delete(entry: Entry): Outcome {
    const body = { id: entry.settings.id, object: "container.deleted", deleted: true };
    return { answer: { status: 200, body }, effect: () => this.store.delete(entry, this.clock.now()) };
  }

  private list({ account, query }: Call): Outcome {
    const now = this.clock.now();
    const asked = listQuery(query);
    const { entries, hasMore } = this.store.page(account, asked, this.cursor(account, asked.after), now);
    const data = entries.map((entry) => resourceOf(entry, now));
    const ends = { first_id: data.at(0)?.id ?? null, last_id: data.at(-1)?.id ?? null };
    const body: ContainerList = { object: "list", data, ...ends, has_more: hasMore };
    return { answer: { status: 200, body } };
  }

  /** Asking about the files of a container is using it. */
  private files(entry: Entry, { query }: Call): Outcome {
    const now = this.clock.now();
    if (isExpired(entry, now)) throw new ApiError(400, "Container is expired.");
    const body = filePage(entry, fileListQuery(query));
    return { answer: { status: 200, body }, effect: () => this.store.touch(entry, now) };
  }

  private cursor(account: string, id: string | undefined): Entry | undefined {
    if (id === undefined) return undefined;
    const entry = this.store.ever(id);
    if (entry?.account === account) return entry;
    throw unknownCursor("container", id);
  }

  private find({ account }: Call, id: string): Entry {
    const entry = this.store.live(account, id);
    if (!entry) throw new ApiError(404, `Container with id '${id}' not found.`);
    return entry;
  }
}
