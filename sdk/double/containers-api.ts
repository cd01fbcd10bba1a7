import { ApiError } from "./api-error";
import type { Answer, Call } from "./call";
import type { Clock } from "./clock";
import type { ContainerList } from "./container-resource";
import { type CreateRules, createBodySchema } from "./create-body";
import { type Entry, isExpired, resourceOf } from "./entry";
import { jsonBody } from "./json-body";
import { listQuery } from "./list-query";
import { parse } from "./parse";
import type { Store } from "./store";

/** An answer, and what the request does to the store: nothing is done until it is called. */
export interface Outcome {
  answer: Answer;
  effect?: () => void;
}

/** The four operations of the Containers API. */
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

  private cursor(account: string, id: string | undefined): Entry | undefined {
    if (id === undefined) return undefined;
    const entry = this.store.ever(id);
    if (entry?.account === account) return entry;
    // What the API says of a cursor that it does not know is a guess.
    throw new ApiError(400, `Invalid 'after': no container with id '${id}'.`, {
      code: "invalid_value",
      param: "after",
    });
  }

  private find({ account }: Call, id: string): Entry {
    const entry = this.store.live(account, id);
    if (!entry) throw new ApiError(404, `Container with id '${id}' not found.`);
    return entry;
  }
}
