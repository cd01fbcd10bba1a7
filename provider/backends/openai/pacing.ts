import { setTimeout as sleep } from "node:timers/promises";
import type PQueue from "p-queue";
import { BackendError, type Report } from "../backend";

const parallel = 10; // requests at a time: as many as keep a burst going
const silence = 2_000; // ms of waiting after which a person is told, and again

/**
 * At most so many requests a minute for the whole process, first come, first served. The API counts an organization's
 * requests over a sliding minute, so a burst may use them up at once.
 */
export class Pacing {
  private readonly waiting = new Set<AbortController>();
  private heldUntil = 0;
  private resuming: NodeJS.Timeout | undefined;

  private constructor(
    /** A request holds its slot until it has left the API's minute. */
    private readonly slots: PQueue,
    private readonly connections: PQueue,
    private readonly minute: number,
    private readonly ending: AbortSignal,
  ) {
    ending.addEventListener("abort", () => {
      clearTimeout(this.resuming);
      for (const turn of this.waiting) turn.abort(interrupted());
    });
  }

  /**
   * @param ending rejects at its abort whatever still waits
   * @param minute how long a minute is, in ms
   */
  static async of(perMinute: number, ending: AbortSignal, minute: number): Promise<Pacing> {
    const { default: Queue } = await import("p-queue");
    return new Pacing(new Queue({ concurrency: perMinute }), new Queue({ concurrency: parallel }), minute, ending);
  }

  /**
   * Makes a call when its turn has come. Once the process is to end only what cleans up is called, and at once.
   * @param isAgain whether the API refused it before: it has waited already, and goes first
   */
  async run<T>(call: () => Promise<T>, report: Report, isAgain: boolean): Promise<T> {
    if (this.ending.aborted) return call();
    const turn = new AbortController();
    this.waiting.add(turn);
    let wasTold = false;
    const telling = setInterval(() => {
      wasTold = true;
      report.progress(this.waitText(turn));
    }, silence);
    // Only what waits can be given up: the answer of what is under way may name a new container.
    const waitNoMore = () => {
      clearInterval(telling);
      this.waiting.delete(turn);
    };
    const options = { signal: turn.signal, priority: isAgain ? 1 : 0 };
    const takeTurn = () => {
      waitNoMore();
      if (wasTold) report.progress("asking the API");
      return call();
    };
    const answer = new Promise<T>((resolve, reject) => {
      const holdSlot = async () => {
        await this.connections.add(takeTurn, options).then(resolve, reject);
        // The API's minute begins when the request arrives there: at the latest now.
        await sleep(this.minute, undefined, { ref: false });
      };
      this.slots.add(holdSlot, options).catch(reject);
    });
    return answer.finally(waitNoMore);
  }

  /** The API asks for a pause: nobody calls until it is over. After the end, when nothing waits its turn, it is this. */
  async hold(seconds: number): Promise<void> {
    const ms = (seconds * this.minute) / 60;
    if (this.ending.aborted) {
      await sleep(ms);
      return;
    }
    if (Date.now() + ms <= this.heldUntil) return;
    this.heldUntil = Date.now() + ms;
    clearTimeout(this.resuming);
    this.connections.pause();
    this.resuming = setTimeout(() => this.connections.start(), ms);
  }

  private waitText(turn: AbortController): string {
    const before = [...this.waiting].indexOf(turn);
    const queue = before > 0 ? `, ${before} before it` : "";
    const seconds = Math.ceil((this.heldUntil - Date.now()) / 1000);
    if (seconds > 0) return `the API asked for a pause: ${seconds} s to go${queue}`;
    return `waiting for its turn, at ${this.slots.concurrency} requests a minute${queue}`;
  }
}

export function interrupted(): BackendError {
  return new BackendError("Pulumi was told to end, so this was given up", "Run the same command again");
}
