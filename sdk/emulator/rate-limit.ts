import { ApiError } from "./api-error";

const windowMs = 60_000;

/** At most so many requests of one organisation in any 60 seconds. What is refused does not count. */
export class RateLimit {
  /** Of each organisation, when its latest requests were accepted, in order. */
  private readonly accepted = new Map<string, number[]>();

  constructor(private readonly perMinute: number) {}

  /**
   * @param now milliseconds
   * @throws ApiError 429, with `Retry-After` in whole seconds
   */
  take(organization: string, now: number): void {
    const times = this.accepted.get(organization) ?? [];
    this.accepted.set(organization, times);
    if (times.length >= this.perMinute) {
      const freeAt = (times.at(-this.perMinute) ?? now) + windowMs;
      if (freeAt > now) throw this.refusal(organization, Math.max(1, Math.ceil((freeAt - now) / 1000)));
    }
    times.push(now);
    // Only the last `perMinute` are ever looked at; cutting now and then keeps a request's cost constant.
    if (times.length >= 2 * this.perMinute) times.splice(0, times.length - this.perMinute);
  }

  private refusal(organization: string, seconds: number): ApiError {
    const limit = `Limit ${this.perMinute}, Used ${this.perMinute}, Requested 1`;
    return new ApiError(
      429,
      `Rate limit reached for requests in organization ${organization} on requests per min (RPM): ${limit}. ` +
        `Please try again in ${seconds}s. Visit https://platform.openai.com/account/rate-limits to learn more.`,
      { type: "requests", code: "rate_limit_exceeded", headers: { "retry-after": String(seconds) } },
    );
  }
}
