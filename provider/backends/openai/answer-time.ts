import type { Report } from "../backend";

/** How long a request waits for its answer, repetitions included. Its waits under the rate limit do not count. */
export class AnswerTime {
  private spent = 0;

  /**
   * @param limit ms after which it is given up
   * @param each ms for the answer to each repetition
   * @param toldEvery ms between reports of progress while it waits
   */
  constructor(
    private readonly limit: number,
    private readonly each: number,
    private readonly toldEvery: number,
  ) {}

  /** For the next repetition, in whole ms. */
  get timeout(): number {
    return Math.max(1, Math.ceil(Math.min(this.each, this.limit - this.spent)));
  }

  allows(pause: number): boolean {
    return this.limit - this.spent > pause;
  }

  async spend<T>(wait: Promise<T>, report: Report): Promise<T> {
    const began = performance.now();
    const before = this.spent;
    const waited = () => before + performance.now() - began;
    const telling = setInterval(() => report.progress(this.text(waited())), this.toldEvery);
    try {
      return await wait;
    } finally {
      clearInterval(telling);
      this.spent = waited();
    }
  }

  private text(waited: number): string {
    const atMost = this.limit === Infinity ? "" : ` of at most ${this.limit / 1000} s`;
    return `waiting for the API's answer: ${Math.round(waited / 1000)} s${atMost}`;
  }
}
