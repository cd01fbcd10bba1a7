const parallel = 10; // requests at a time: as many as keep a burst going

/** A waiting request, and the function that starts it. */
interface Turn {
  isRetry: boolean;
  start(): void;
}

/**
 * A sliding-window rate limit, first come, first served. The API counts an organization's requests over a sliding
 * minute, so a burst may use them up at once. When each may go is a point in time, and one timer waits for the next: a
 * pause after a pause would be late by the sum of all.
 */
export class RateLimiter {
  private readonly queue: Turn[] = [];
  private underWay = 0;
  /** When each request that got its response leaves the API's window, the oldest first; by this machine's steady clock. */
  private readonly leaving: number[] = [];
  private pausedUntil = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    public perMinute: number,
    public windowMs: number,
  ) {}

  /** The time that is left of the pauses that the API asked for. */
  get pausedForMs(): number {
    return Math.max(0, this.pausedUntil - performance.now());
  }

  /** @param turn is started at once, or when its turn comes */
  enter(turn: Turn): void {
    const firstOfOthers = turn.isRetry ? this.queue.findIndex(({ isRetry }) => !isRetry) : -1;
    this.queue.splice(firstOfOthers === -1 ? this.queue.length : firstOfOthers, 0, turn);
    this.proceed();
  }

  /** Takes a waiting turn out of the queue. */
  leave(turn: Turn): void {
    const at = this.queue.indexOf(turn);
    if (at !== -1) this.queue.splice(at, 1);
  }

  /** Ends a turn that was started. The API's window begins when a request arrives there: at the latest now. */
  responded(): void {
    this.underWay -= 1;
    this.leaving.push(performance.now() + this.windowMs);
    this.proceed();
  }

  /** Starts no turn for so many ms. */
  pause(ms: number): void {
    this.pausedUntil = Math.max(this.pausedUntil, performance.now() + ms);
    this.proceed();
  }

  /** How many turns are ahead of this one. */
  aheadOf(turn: Turn): number {
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
    const next = Math.max(this.pausedUntil, this.underWay + this.leaving.length < this.perMinute ? 0 : this.freeAt());
    // The callers that wait keep the process alive, if anything does.
    if (next < Infinity) this.timer = setTimeout(() => this.proceed(), Math.ceil(next - now)).unref();
  }

  private isFree(now: number): boolean {
    const used = this.underWay + this.leaving.length;
    return this.queue.length > 0 && this.underWay < parallel && used < this.perMinute && now >= this.pausedUntil;
  }

  /** When enough have left for one more: not only the oldest, where the limit was lowered. */
  private freeAt(): number {
    return this.leaving[this.underWay + this.leaving.length - this.perMinute] ?? Infinity;
  }
}

const limiters = new Map<string, RateLimiter>();

/** The one limiter of an account in this process; the settings of the backend that was opened last hold for all. */
export function rateLimiterFor(account: string, perMinute: number, windowMs: number): RateLimiter {
  const known = limiters.get(account);
  if (!known) {
    const limiter = new RateLimiter(perMinute, windowMs);
    limiters.set(account, limiter);
    return limiter;
  }
  known.perMinute = perMinute;
  known.windowMs = windowMs;
  return known;
}
