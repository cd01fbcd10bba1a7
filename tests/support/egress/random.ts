/** The same numbers for the same seed (mulberry32), so that what a fuzzer found can be found again. */
export class Random {
  constructor(private state: number) {}

  below(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  pick(items: readonly string[]): string {
    return items[this.below(items.length)] ?? "";
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)));
  }

  /** The text with up to three changes. */
  mutate(text: string, pieces: readonly string[], others: readonly string[]): string {
    let changed = text;
    for (let changes = this.below(4); changes > 0; changes--) changed = this.change(changed, pieces, others);
    return changed;
  }

  private change(text: string, pieces: readonly string[], others: readonly string[]): string {
    const at = this.below(text.length + 1);
    const end = Math.min(text.length, at + this.below(12));
    switch (this.below(10)) {
      case 0:
        return text.slice(0, at) + String.fromCharCode(this.below(256)) + text.slice(at + 1);
      case 1:
        return text.slice(0, at) + text.slice(end);
      case 2:
        return text.slice(0, end) + text.slice(at);
      case 3:
        return text.slice(0, at) + this.pick(others).slice(this.below(40));
      case 4:
        return text.slice(0, at);
      default:
        return text.slice(0, at) + this.pick(pieces) + text.slice(at);
    }
  }
}
