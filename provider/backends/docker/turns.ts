import { BackendError, UnreachableError } from "../backend";
import { explain } from "./engine/engine-errors";
import { Slots } from "./engine/slots";

/**
 * Sandboxes that are started or removed at a time. With more, an engine on two cores is no faster, and Docker 20.10 comes to a
 * standstill sooner: https://github.com/moby/moby/issues/46661
 */
export const sandboxesAtATime = 8;

/**
 * Work on an engine's sandboxes, so many at a time. Once that many in succession got no response, those that wait fail too: a
 * hundred timeouts, one after the other, would take hours.
 */
export class Turns {
  private readonly slots = new Slots(sandboxesAtATime);
  private unanswered = 0;
  private standstill: { since: number; error: unknown } | undefined;

  /** @param ending aborted when Pulumi shuts down: what waits then is cancelled, what comes later cleans up */
  constructor(
    private readonly engine: { address: string },
    private readonly ending: AbortSignal,
  ) {}

  async run<T>(work: () => Promise<T>): Promise<T> {
    const entered = performance.now();
    const cleansUp = this.ending.aborted;
    await new Promise<void>((resolve) => this.slots.take(resolve));
    try {
      if (this.ending.aborted && !cleansUp) throw this.cancelled();
      if (this.standstill && this.standstill.since > entered) throw this.standstill.error;
      return await this.observed(work);
    } finally {
      this.slots.release();
    }
  }

  private async observed<T>(work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      this.unanswered = 0;
      return result;
    } catch (error) {
      this.unanswered = explain(error, this.engine) instanceof UnreachableError ? this.unanswered + 1 : 0;
      if (this.unanswered >= sandboxesAtATime) this.standstill = { since: performance.now(), error };
      throw error;
    }
  }

  private cancelled(): BackendError {
    return new BackendError(
      "OC2225",
      `Cancelled while it waited for others at the Docker engine at ${this.engine.address}: Pulumi is shutting down`,
      "Run the same command again",
    );
  }
}
