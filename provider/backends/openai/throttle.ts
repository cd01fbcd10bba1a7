import { setTimeout as sleep } from "node:timers/promises";
import { BackendError, type Report } from "../backend";
import type { RateLimiter } from "./rate-limiter";

const progressEveryMs = 2_000;

/** Has the calls of one backend wait for their turns under the rate limit of its account, and cancels them at the end. */
export class Throttle {
  /** Each rejects a waiting call. */
  private readonly waiting = new Set<() => void>();

  /** @param ending rejects all waiting calls at its abort */
  constructor(
    private readonly limiter: RateLimiter,
    private readonly ending: AbortSignal,
  ) {
    ending.addEventListener("abort", () => {
      for (const cancel of this.waiting) cancel();
    });
  }

  /**
   * Makes a call when its turn has come. Once the process is shutting down only clean-up calls are made, and at once.
   * @param call reports when its response begins, which may be long before it is read
   * @param isRetry whether the API rejected it before: it has waited already, and goes first
   * @throws BackendError where it was cancelled, and the call's own failure
   */
  async run<T>(call: (responded: () => void) => Promise<T>, report: Report, isRetry: boolean): Promise<T> {
    if (this.ending.aborted) return call(() => {});
    await this.turn(report, isRetry);
    let hasResponded = false;
    const responded = () => {
      if (!hasResponded) this.limiter.responded();
      hasResponded = true;
    };
    return await call(responded).finally(responded);
  }

  /** The API asks for a pause: no call is made until it is over. At shutdown calls are not queued, so this one sleeps. */
  async pause(seconds: number): Promise<void> {
    const ms = (seconds * this.limiter.windowMs) / 60;
    if (this.ending.aborted) await sleep(ms);
    else this.limiter.pause(ms);
  }

  /** Only a waiting call can be cancelled: the response to a request that was sent may name a new container. */
  private turn(report: Report, isRetry: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      let hasReported = false;
      const end = () => {
        clearInterval(reporting);
        this.waiting.delete(cancel);
      };
      const turn = {
        isRetry,
        start: () => {
          end();
          if (hasReported) report.progress("sending the request to the API");
          resolve();
        },
      };
      const cancel = () => {
        end();
        this.limiter.leave(turn);
        reject(cancelled());
      };
      const reporting = setInterval(() => {
        hasReported = true;
        report.progress(this.progressText(this.limiter.aheadOf(turn)));
      }, progressEveryMs);
      this.waiting.add(cancel);
      this.limiter.enter(turn);
    });
  }

  private progressText(ahead: number): string {
    const queue = ahead > 0 ? `, ${ahead} ahead of it in the queue` : "";
    const seconds = Math.ceil(this.limiter.pausedForMs / 1000);
    if (seconds > 0) return `the API asked for a pause: ${seconds} s to go${queue}`;
    return `waiting for the rate limit, ${this.limiter.perMinute} requests per minute${queue}`;
  }
}

export function cancelled(): BackendError {
  return new BackendError("OC2133", "The request was cancelled: Pulumi is shutting down", "Run the same command again");
}
