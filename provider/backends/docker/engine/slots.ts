/** Lets so many pass at a time; the others wait, first come, first served. */
export class Slots {
  private readonly waiting: (() => void)[] = [];

  constructor(private free: number) {}

  /** Calls `use` as soon as a slot is free, at once if one is; it has the slot until `release` is called. */
  take(use: () => void): void {
    if (this.free === 0) {
      this.waiting.push(use);
      return;
    }
    this.free -= 1;
    use();
  }

  release(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.free += 1;
  }
}
