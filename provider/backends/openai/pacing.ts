import { setTimeout as sleep } from "node:timers/promises";
import { BackendError, type Report } from "../backend";
import type { RateLimit } from "./rate-limit";

const silence = 2_000; // ms of waiting after which a person is told, and again

/** Has the calls of one backend wait for their turns under the limit of its account. */
export class Pacing {
  /** Rejects what waits. */
  private readonly waiting = new Set<() => void>();

  /** @param ending rejects at its abort whatever still waits */
  constructor(
    private readonly limit: RateLimit,
    private readonly ending: AbortSignal,
  ) {
    ending.addEventListener("abort", () => {
      for (const giveUp of this.waiting) giveUp();
    });
  }

  /**
   * Makes a call when its turn has come. Once the process is to end only what cleans up is called, and at once.
   * @param call tells when its answer begins, which may be long before it is read
   * @param isAgain whether the API refused it before: it has waited already, and goes first
   */
  async run<T>(call: (answered: () => void) => Promise<T>, report: Report, isAgain: boolean): Promise<T> {
    if (this.ending.aborted) return call(() => {});
    await this.turn(report, isAgain);
    let isAnswered = false;
    const answered = () => {
      if (!isAnswered) this.limit.answered();
      isAnswered = true;
    };
    return await call(answered).finally(answered);
  }

  /** The API asks for a pause: nobody calls until it is over. After the end, when nothing waits its turn, it is this. */
  async hold(seconds: number): Promise<void> {
    const ms = (seconds * this.limit.minute) / 60;
    if (this.ending.aborted) await sleep(ms);
    else this.limit.hold(ms);
  }

  /** Only what waits can be given up: the answer of what is under way may name a new container. */
  private turn(report: Report, isAgain: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      let wasTold = false;
      const end = () => {
        clearInterval(telling);
        this.waiting.delete(giveUp);
      };
      const turn = {
        isAgain,
        start: () => {
          end();
          if (wasTold) report.progress("asking the API");
          resolve();
        },
      };
      const giveUp = () => {
        end();
        this.limit.giveUp(turn);
        reject(interrupted());
      };
      const telling = setInterval(() => {
        wasTold = true;
        report.progress(this.waitText(this.limit.before(turn)));
      }, silence);
      this.waiting.add(giveUp);
      this.limit.enter(turn);
    });
  }

  private waitText(before: number): string {
    const queue = before > 0 ? `, ${before} before it` : "";
    const seconds = Math.ceil(this.limit.held / 1000);
    if (seconds > 0) return `the API asked for a pause: ${seconds} s to go${queue}`;
    return `waiting for its turn, at ${this.limit.perMinute} requests a minute${queue}`;
  }
}

export function interrupted(): BackendError {
  return new BackendError("OC0000", "Pulumi was told to end, so this was given up", "Run the same command again");
}
