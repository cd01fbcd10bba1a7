import type { Report } from "../backend";

/** How long a request waits for its response, retries included. Its waits under the rate limit do not count. */
export class RequestDeadline {
  /** By all attempts so far, with the delays between them. */
  spentMs = 0;

  /**
   * @param limitMs for all attempts together
   * @param attemptMs for the response to one attempt
   * @param progressEveryMs between reports of progress while it waits
   */
  constructor(
    private readonly limitMs: number,
    private readonly attemptMs: number,
    private readonly progressEveryMs: number,
  ) {}

  /** For the next attempt, in whole ms. */
  get timeoutMs(): number {
    return Math.max(1, Math.ceil(Math.min(this.attemptMs, this.limitMs - this.spentMs)));
  }

  /** Whether any time is left after a delay. */
  allows(delayMs: number): boolean {
    return this.limitMs - this.spentMs > delayMs;
  }

  /** Counts the time that something takes. @throws its failure */
  async spend<T>(wait: Promise<T>, report: Report): Promise<T> {
    const began = performance.now();
    const before = this.spentMs;
    const spent = () => before + performance.now() - began;
    const reporting = setInterval(() => report.progress(this.progressText(spent())), this.progressEveryMs);
    try {
      return await wait;
    } finally {
      clearInterval(reporting);
      this.spentMs = spent();
    }
  }

  private progressText(spentMs: number): string {
    const atMost = this.limitMs === Infinity ? "" : ` of at most ${this.limitMs / 1000} s`;
    return `waiting for the API's response: ${Math.round(spentMs / 1000)} s${atMost}`;
  }
}
