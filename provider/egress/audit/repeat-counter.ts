import type { Limits } from "../checks/limits";

const perWindow = 1; // different lines that there is room for again after each window

/** A line that counts as a repetition if it differs from another in its time and its bytes alone. */
export interface CountedLine {
  readonly event?: string;
  readonly reason: string;
  readonly bytesUp?: number;
  readonly bytesDown?: number;
}

interface Repeats {
  readonly fields: CountedLine;
  more: number;
  bytesUp: number;
  bytesDown: number;
}

/**
 * Keeps a sandbox from filling the log: of equal lines the first is written, and the following ones are counted and
 * written as one line at the end of a window. Of different lines so many are written as there is room for.
 */
export class RepeatCounter {
  private readonly repeats = new Map<string, Repeats>();
  private room: number;
  private rest = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly limits: Pick<Limits, "countMs" | "listed">,
    private readonly write: (fields: object) => void,
  ) {
    this.room = limits.listed;
  }

  count(fields: CountedLine): void {
    const { bytesUp = 0, bytesDown = 0, ...alike } = fields;
    const key = JSON.stringify(alike);
    const known = this.repeats.get(key);
    if (known) {
      known.more++;
      known.bytesUp += bytesUp;
      known.bytesDown += bytesDown;
    } else if (this.room > 0) {
      this.room--;
      this.repeats.set(key, { fields, more: 0, bytesUp: 0, bytesDown: 0 });
      this.write(fields);
    } else this.rest++;
    this.timer ??= setTimeout(() => this.flush(), this.limits.countMs).unref();
  }

  /** Writes the counts. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    for (const { fields, more, bytesUp, bytesDown } of this.repeats.values()) {
      if (more > 0) this.write({ ...fields, ...("bytesUp" in fields ? { bytesUp, bytesDown } : {}), more });
    }
    if (this.rest > 0) this.write({ event: "not listed", reason: "other denials and DNS queries", more: this.rest });
    // While there is something to count, and no faster: room comes back with the windows that pass.
    if (this.repeats.size > 0 || this.rest > 0 || this.room < this.limits.listed) {
      this.timer = setTimeout(() => this.flush(), this.limits.countMs).unref();
    }
    this.repeats.clear();
    this.rest = 0;
    this.room = Math.min(this.limits.listed, this.room + perWindow);
  }
}
