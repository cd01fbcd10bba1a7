import { CreationOrder } from "./creation-order";
import type { ListQuery } from "./list-query";
import type { StoredContainer } from "./stored-container";

/** The containers that lists of one account show: the cost of a page depends on its size, not on the account's. */
export class AccountContainers {
  private readonly all = new CreationOrder<StoredContainer>();
  private readonly byName = new Map<string, CreationOrder<StoredContainer>>();
  /** Deleted containers that lists still show, ordered by the time of their delete. */
  private readonly deletedButListed: StoredContainer[] = [];

  /** @param lagMs how long lists still show a deleted container */
  constructor(private readonly lagMs: number) {}

  add(container: StoredContainer): void {
    const { name } = container.settings;
    const sameName = this.byName.get(name) ?? new CreationOrder<StoredContainer>();
    this.byName.set(name, sameName);
    sameName.add(container);
    this.all.add(container);
  }

  delete(container: StoredContainer, now: number): void {
    container.deletedAt = now;
    this.deletedButListed.push(container);
    this.dropDeleted(now);
  }

  /** @param after the container before the first one of the page */
  page(
    { limit, order, name }: ListQuery,
    after: StoredContainer | undefined,
    now: number,
  ): { containers: StoredContainer[]; hasMore: boolean } {
    this.dropDeleted(now);
    const containers: StoredContainer[] = [];
    const candidates = name === undefined ? this.all : this.byName.get(name);
    for (const container of candidates?.walk(order, after) ?? []) {
      if (container.listedFrom > now) continue;
      if (containers.length === limit) return { containers, hasMore: true };
      containers.push(container);
    }
    return { containers, hasMore: false };
  }

  /** The containers that are not deleted, newest first. */
  *existing(): Iterable<StoredContainer> {
    for (const container of this.all.walk("desc", undefined)) {
      if (container.deletedAt === undefined) yield container;
    }
  }

  /** Removes the containers whose delete is older than the lag. */
  private dropDeleted(now: number): void {
    const { deletedButListed: deleted } = this;
    const kept = deleted.findIndex(({ deletedAt = now }) => now - deletedAt < this.lagMs);
    for (const container of deleted.splice(0, kept === -1 ? deleted.length : kept)) {
      const { name } = container.settings;
      const sameName = this.byName.get(name);
      sameName?.remove(container);
      if (sameName?.isEmpty) this.byName.delete(name);
      this.all.remove(container);
    }
  }
}
