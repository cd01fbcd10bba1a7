/** What the emulator tells time by: ages, expiry, the rate limit's minute, the lag of lists. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** A clock that stands still until it is told otherwise. */
export class ManualClock implements Clock {
  /** @param time where it begins, in milliseconds since the epoch; default: the present */
  constructor(private time: number = Date.now()) {}

  now(): number {
    return this.time;
  }

  /** @throws RangeError for a step back, which would revive what has expired */
  advance(ms: number): void {
    this.time += forward(ms);
  }
}

/** A clock that starts now and runs `factor` times as fast as the real one. */
export function scaledClock(factor: number): Clock {
  const start = Date.now();
  const began = performance.now();
  return { now: () => start + (performance.now() - began) * factor };
}

/** Any clock, with an offset that only grows. */
export class AdjustableClock implements Clock {
  private offset = 0;

  constructor(private readonly inner: Clock) {}

  now(): number {
    return this.inner.now() + this.offset;
  }

  /** @throws RangeError for a step back */
  advance(ms: number): void {
    this.offset += forward(ms);
  }
}

function forward(ms: number): number {
  if (!(ms >= 0)) throw new RangeError(`A clock goes forward only, not by ${ms} ms`);
  return ms;
}
