import { ApiError } from "./api-error";

const windowMs = 60_000;

/** The largest number of requests that an organization may send in any 60 seconds. A 429 does not count. */
export class RateLimit {
  /** For each organization, when its latest requests were accepted, in order. */
  private readonly accepted = new Map<string, number[]>();

  constructor(private readonly perMinute: number) {}

  /**
   * @param now milliseconds
   * @throws ApiError 429, with `Retry-After` in whole seconds
   */
  admit(organization: string, now: number): void {
    const times = this.accepted.get(organization) ?? [];
    this.accepted.set(organization, times);
    if (times.length >= this.perMinute) {
      const nextSlotAt = (times.at(-this.perMinute) ?? now) + windowMs;
      if (nextSlotAt > now) throw this.tooManyRequests(organization, Math.max(1, Math.ceil((nextSlotAt - now) / 1000)));
    }
    times.push(now);
    // Only the last `perMinute` times are read; truncating rarely keeps the cost per request constant.
    if (times.length >= 2 * this.perMinute) times.splice(0, times.length - this.perMinute);
  }

  private tooManyRequests(organization: string, seconds: number): ApiError {
    const limit = `Limit ${this.perMinute}, Used ${this.perMinute}, Requested 1`;
    return new ApiError(
      429,
      `Rate limit reached for requests in organization ${organization} on requests per min (RPM): ${limit}. ` +
        `Please try again in ${seconds}s. Visit https://platform.openai.com/account/rate-limits to learn more.`,
      { type: "requests", code: "rate_limit_exceeded", headers: { "retry-after": String(seconds) } },
    );
  }
}
