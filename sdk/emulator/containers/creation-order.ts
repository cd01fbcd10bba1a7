export interface Created {
  /** Unix seconds. */
  readonly createdAt: number;
  /** Orders items of the same second. */
  readonly sequence: number;
}

/** Items sorted by creation time, found by binary search. */
export class CreationOrder<T extends Created> {
  private readonly items: T[] = [];

  get isEmpty(): boolean {
    return this.items.length === 0;
  }

  add(item: T): void {
    const last = this.items.at(-1);
    if (!last || compare(last, item) < 0) this.items.push(item);
    else this.items.splice(this.lowerBound(item), 0, item);
  }

  /** @param item one that was added */
  remove(item: T): void {
    this.items.splice(this.lowerBound(item), 1);
  }

  /** @param after the item before the first one of the result; it may have been removed */
  *walk(order: "asc" | "desc", after: Created | undefined): Iterable<T> {
    const step = order === "asc" ? 1 : -1;
    for (let index = this.firstIndex(order, after); ; index += step) {
      const item = this.items[index];
      if (!item) return;
      yield item;
    }
  }

  private firstIndex(order: "asc" | "desc", after: Created | undefined): number {
    if (!after) return order === "asc" ? 0 : this.items.length - 1;
    const index = this.lowerBound(after);
    if (order === "desc") return index - 1;
    const found = this.items[index];
    return found && compare(found, after) === 0 ? index + 1 : index;
  }

  /** The index of the first item that is not before the given one. */
  private lowerBound(item: Created): number {
    let low = 0;
    let high = this.items.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const found = this.items[middle];
      if (found && compare(found, item) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function compare(one: Created, other: Created): number {
  return one.createdAt - other.createdAt || one.sequence - other.sequence;
}
