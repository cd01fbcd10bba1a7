export interface Moment {
  /** Unix seconds. */
  readonly createdAt: number;
  /** Decides between those of one second. */
  readonly sequence: number;
}

/** What was made, by the time of its making. Finding a place in it is a binary search. */
export class Timeline<T extends Moment> {
  private readonly moments: T[] = [];

  get isEmpty(): boolean {
    return this.moments.length === 0;
  }

  add(moment: T): void {
    const last = this.moments.at(-1);
    if (!last || compare(last, moment) < 0) this.moments.push(moment);
    else this.moments.splice(this.position(moment), 0, moment);
  }

  /** @param moment one that is there */
  remove(moment: T): void {
    this.moments.splice(this.position(moment), 1);
  }

  /** @param after where to begin, itself left out; it need not be there any more */
  *walk(order: "asc" | "desc", after: Moment | undefined): Iterable<T> {
    const step = order === "asc" ? 1 : -1;
    for (let index = this.start(order, after); ; index += step) {
      const moment = this.moments[index];
      if (!moment) return;
      yield moment;
    }
  }

  private start(order: "asc" | "desc", after: Moment | undefined): number {
    if (!after) return order === "asc" ? 0 : this.moments.length - 1;
    const position = this.position(after);
    if (order === "desc") return position - 1;
    const found = this.moments[position];
    return found && compare(found, after) === 0 ? position + 1 : position;
  }

  /** Of the first that is not before this one. */
  private position(moment: Moment): number {
    let low = 0;
    let high = this.moments.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const found = this.moments[middle];
      if (found && compare(found, moment) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function compare(one: Moment, other: Moment): number {
  return one.createdAt - other.createdAt || one.sequence - other.sequence;
}
