const parallel = 10; // requests at a time: as many as keep a burst going

/** A request that waits, and what lets it go. */
interface Turn {
  isAgain: boolean;
  start(): void;
}

/**
 * At most so many requests a minute, first come, first served. The API counts an organization's requests over a sliding
 * minute, so a burst may use them up at once. When each may go is a point in time, and one timer waits for the next: a
 * pause after a pause would be late by the sum of all.
 */
export class RateLimit {
  private readonly queue: Turn[] = [];
  private underWay = 0;
  /** When each request that was answered has left the API's minute, the oldest first; by this machine's steady clock. */
  private readonly leaving: number[] = [];
  private heldUntil = 0;
  private timer: NodeJS.Timeout | undefined;

  /** @param minute how long a minute is, in ms */
  constructor(
    public perMinute: number,
    public minute: number,
  ) {}

  /** The time that is left of the pauses that the API asked for, in ms. */
  get held(): number {
    return Math.max(0, this.heldUntil - performance.now());
  }

  /** @param turn is started at once, or when others have left their place to it */
  enter(turn: Turn): void {
    const firstOfOthers = turn.isAgain ? this.queue.findIndex(({ isAgain }) => !isAgain) : -1;
    this.queue.splice(firstOfOthers === -1 ? this.queue.length : firstOfOthers, 0, turn);
    this.proceed();
  }

  /** Takes back a turn that waits. */
  giveUp(turn: Turn): void {
    const at = this.queue.indexOf(turn);
    if (at !== -1) this.queue.splice(at, 1);
  }

  /** Of a turn that was started. The API's minute begins when a request arrives there: at the latest now. */
  answered(): void {
    this.underWay -= 1;
    this.leaving.push(performance.now() + this.minute);
    this.proceed();
  }

  /** Lets nobody go for so many ms. */
  hold(ms: number): void {
    this.heldUntil = Math.max(this.heldUntil, performance.now() + ms);
    this.proceed();
  }

  before(turn: Turn): number {
    return this.queue.indexOf(turn);
  }

  private proceed(): void {
    const now = performance.now();
    const staying = this.leaving.findIndex((time) => time > now);
    this.leaving.splice(0, staying === -1 ? this.leaving.length : staying);
    while (this.isFree(now)) {
      this.underWay += 1;
      this.queue.shift()?.start();
    }
    clearTimeout(this.timer);
    if (this.queue.length === 0 || this.underWay >= parallel) return;
    const next = Math.max(this.heldUntil, this.underWay + this.leaving.length < this.perMinute ? 0 : this.freeAt());
    // Who waits keeps the process alive, if anybody does.
    if (next < Infinity) this.timer = setTimeout(() => this.proceed(), Math.ceil(next - now)).unref();
  }

  private isFree(now: number): boolean {
    const used = this.underWay + this.leaving.length;
    return this.queue.length > 0 && this.underWay < parallel && used < this.perMinute && now >= this.heldUntil;
  }

  /** When enough have left for one more: not only the oldest, where the limit was lowered. */
  private freeAt(): number {
    return this.leaving[this.underWay + this.leaving.length - this.perMinute] ?? Infinity;
  }
}

const limits = new Map<string, RateLimit>();

/** The one limit of an account in this process; the settings of whoever opens it last hold for all. */
export function rateLimitOf(account: string, perMinute: number, minute: number): RateLimit {
  const known = limits.get(account);
  if (!known) {
    const limit = new RateLimit(perMinute, minute);
    limits.set(account, limit);
    return limit;
  }
  known.perMinute = perMinute;
  known.minute = minute;
  return known;
}
