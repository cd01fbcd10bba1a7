import type { ContainerResource } from "./container-resource";
import type { CreateContainerBody } from "./create-container-body";
import { createdEntry, type Entry, isExpired, seededEntry } from "./entry";
import type { ListQuery } from "./list-query";
import { Shelf } from "./shelf";

/** The containers of all accounts. Times are milliseconds. */
export class Store {
  private sequence = 0;
  /** The deleted ones as well: a cursor may name one. */
  private readonly entries = new Map<string, Entry>();
  private readonly shelves = new Map<string, Shelf>();

  /** @param listLagMs how long lists take to learn of a new container, and of a deleted one */
  constructor(private readonly listLagMs: number) {}

  /** A container that nobody sees until it is added. */
  draw(account: string, body: CreateContainerBody, now: number): Entry {
    return createdEntry(body, { account, now, sequence: this.sequence++ }, now + this.listLagMs);
  }

  add(entry: Entry): void {
    this.entries.set(entry.settings.id, entry);
    this.shelf(entry.account).add(entry);
  }

  /** @throws Error when there is one of the same id already */
  seed(account: string, containers: readonly Partial<ContainerResource>[], now: number): string[] {
    const entries = containers.map((given) => seededEntry(given, { account, now, sequence: this.sequence++ }));
    // In order of time each goes to the end, which costs nothing.
    for (const entry of entries.toSorted((one, other) => one.createdAt - other.createdAt)) {
      if (this.entries.has(entry.settings.id)) throw new Error(`There is a container ${entry.settings.id} already`);
      this.add(entry);
    }
    return entries.map(({ settings }) => settings.id);
  }

  /** Deleted ones included. */
  ever(id: string): Entry | undefined {
    return this.entries.get(id);
  }

  live(account: string, id: string): Entry | undefined {
    const entry = this.entries.get(id);
    return entry?.account === account && entry.deletedAt === undefined ? entry : undefined;
  }

  delete(entry: Entry, now: number): void {
    this.shelf(entry.account).delete(entry, now);
  }

  /** Marks as used just now; what has expired stays so. */
  touch(entry: Entry, now: number): void {
    if (!isExpired(entry, now)) entry.activeAt = now;
  }

  page(account: string, query: ListQuery, after: Entry | undefined, now: number) {
    return this.shelf(account).page(query, after, now);
  }

  /** Of one account, newest first. */
  all(account: string): Entry[] {
    return [...this.shelf(account).live()];
  }

  get accounts(): string[] {
    return [...this.shelves.keys()];
  }

  private shelf(account: string): Shelf {
    const shelf = this.shelves.get(account) ?? new Shelf(this.listLagMs);
    this.shelves.set(account, shelf);
    return shelf;
  }
}
