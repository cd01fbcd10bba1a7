import type { Entry } from "./entry";
import type { ListQuery } from "./list-query";
import { Timeline } from "./timeline";

/** The containers of one account as lists tell of them: a page costs about the page, however many there are. */
export class Shelf {
  private readonly all = new Timeline<Entry>();
  private readonly byName = new Map<string, Timeline<Entry>>();
  /** Deleted ones that still stand here, the longest deleted first. */
  private readonly leaving: Entry[] = [];

  /** @param lagMs how long lists take to learn that a container was deleted */
  constructor(private readonly lagMs: number) {}

  add(entry: Entry): void {
    const { name } = entry.settings;
    const sameName = this.byName.get(name) ?? new Timeline<Entry>();
    this.byName.set(name, sameName);
    sameName.add(entry);
    this.all.add(entry);
  }

  delete(entry: Entry, now: number): void {
    entry.deletedAt = now;
    this.leaving.push(entry);
    this.clear(now);
  }

  /** @param after the entry where the page begins, itself left out */
  page(
    { limit, order, name }: ListQuery,
    after: Entry | undefined,
    now: number,
  ): { entries: Entry[]; hasMore: boolean } {
    this.clear(now);
    const entries: Entry[] = [];
    const timeline = name === undefined ? this.all : this.byName.get(name);
    for (const entry of timeline?.walk(order, after) ?? []) {
      if (entry.listedFrom > now) continue;
      if (entries.length === limit) return { entries, hasMore: true };
      entries.push(entry);
    }
    return { entries, hasMore: false };
  }

  /** All that are not deleted, newest first. */
  *live(): Iterable<Entry> {
    for (const entry of this.all.walk("desc", undefined)) {
      if (entry.deletedAt === undefined) yield entry;
    }
  }

  /** Takes off what was deleted long enough ago. */
  private clear(now: number): void {
    const staying = this.leaving.findIndex(({ deletedAt = now }) => now - deletedAt < this.lagMs);
    for (const entry of this.leaving.splice(0, staying === -1 ? this.leaving.length : staying)) {
      const { name } = entry.settings;
      const sameName = this.byName.get(name);
      sameName?.remove(entry);
      if (sameName?.isEmpty) this.byName.delete(name);
      this.all.remove(entry);
    }
  }
}
