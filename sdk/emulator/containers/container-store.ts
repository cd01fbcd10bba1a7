import type { StoredFile } from "../files/file-store";
import { AccountContainers } from "./account-containers";
import type { ContainerResource } from "./container-resource";
import type { CreateContainerBody } from "./create-container-body";
import type { ListQuery } from "./list-query";
import { isExpired, newContainer, type StoredContainer, seededContainer } from "./stored-container";

/** The containers of all accounts. Times are milliseconds. */
export class ContainerStore {
  private sequence = 0;
  /** Includes deleted containers, as the cursor of a list may name one. */
  private readonly byId = new Map<string, StoredContainer>();
  private readonly byAccount = new Map<string, AccountContainers>();

  /** @param listLagMs how long lists lack a new container and still show a deleted one */
  constructor(private readonly listLagMs: number) {}

  /** Prepares a container that does not exist until it is added. */
  prepare(account: string, body: CreateContainerBody, now: number, files: readonly StoredFile[] = []): StoredContainer {
    return newContainer(body, files, { account, now, sequence: this.sequence++ }, now + this.listLagMs);
  }

  add(container: StoredContainer): void {
    this.byId.set(container.settings.id, container);
    this.of(container.account).add(container);
  }

  /** @throws Error for an id that exists already */
  seed(account: string, resources: readonly Partial<ContainerResource>[], now: number): string[] {
    const seeded = resources.map((given) => seededContainer(given, { account, now, sequence: this.sequence++ }));
    // Added in order of time, each is appended, which needs no search.
    for (const container of seeded.toSorted((one, other) => one.createdAt - other.createdAt)) {
      const { id } = container.settings;
      if (this.byId.has(id)) throw new Error(`The container ${id} exists already`);
      this.add(container);
    }
    return seeded.map(({ settings }) => settings.id);
  }

  find(account: string, id: string): StoredContainer | undefined {
    const container = this.byId.get(id);
    return container?.account === account && container.deletedAt === undefined ? container : undefined;
  }

  /** In any account. */
  findIncludingDeleted(id: string): StoredContainer | undefined {
    return this.byId.get(id);
  }

  delete(container: StoredContainer, now: number): void {
    this.of(container.account).delete(container, now);
  }

  /** Marks a container as active now; an expired one stays expired. */
  touch(container: StoredContainer, now: number): void {
    if (!isExpired(container, now)) container.lastActiveAt = now;
  }

  page(account: string, query: ListQuery, after: StoredContainer | undefined, now: number) {
    return this.of(account).page(query, after, now);
  }

  /** The containers of an account that are not deleted, newest first. */
  all(account: string): StoredContainer[] {
    return [...this.of(account).existing()];
  }

  get accounts(): string[] {
    return [...this.byAccount.keys()];
  }

  private of(account: string): AccountContainers {
    const containers = this.byAccount.get(account) ?? new AccountContainers(this.listLagMs);
    this.byAccount.set(account, containers);
    return containers;
  }
}
