/** The emulator's source of time: for ages, expiry, the rate limit and the lag of lists. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** A clock that moves only when it is advanced. */
export class ManualClock implements Clock {
  /** @param time its start, in milliseconds since the epoch; default: now */
  constructor(private time: number = Date.now()) {}

  now(): number {
    return this.time;
  }

  /** @throws RangeError for a step back, which would revive expired containers, and for one past the year 9999 */
  advance(ms: number): void {
    this.time += forward(this.now(), ms);
  }
}

/** A clock that starts now and runs `factor` times as fast as real time. */
export function scaledClock(factor: number): Clock {
  const start = Date.now();
  const startedAt = performance.now();
  return { now: () => start + (performance.now() - startedAt) * factor };
}

/** Any clock, with an offset that only grows. */
export class AdjustableClock implements Clock {
  private offset = 0;

  constructor(private readonly inner: Clock) {}

  now(): number {
    return this.inner.now() + this.offset;
  }

  /** @throws RangeError for a step back, and for one past the year 9999 */
  advance(ms: number): void {
    this.offset += forward(this.now(), ms);
  }
}

/** The last time that ISO 8601 writes with four digits. */
const latest = Date.UTC(10_000, 0) - 1;

function forward(now: number, ms: number): number {
  if (!(ms >= 0)) throw new RangeError(`A clock can only move forward, not by ${ms} ms`);
  if (now + ms > latest) throw new RangeError(`A clock can only move forward up to the year 9999, not by ${ms} ms`);
  return ms;
}
