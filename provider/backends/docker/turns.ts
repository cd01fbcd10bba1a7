import { BackendError, UnreachableError } from "../backend";
import { explain } from "./engine/engine-errors";
import { Slots } from "./engine/slots";
import { UnreachableEngineError } from "./engine/unreachable";

/**
 * Sandboxes that are started or removed at a time. With more, an engine on two cores is no faster, and Docker 20.10 comes to a
 * standstill sooner: https://github.com/moby/moby/issues/46661
 */
export const sandboxesAtATime = 8;

/**
 * Work on an engine's sandboxes, so many at a time. Where all of it gets no response, what waits fails too: a hundred timeouts,
 * one after the other, would take hours.
 */
export class Turns {
  private readonly slots = new Slots(sandboxesAtATime);
  private underWay = 0;
  /** Slots of work that got no response from the engine. They are passed on once other work shows whether the engine responds. */
  private heldBack = 0;
  private standstillSince = Number.NEGATIVE_INFINITY;

  /** @param ending aborted when Pulumi shuts down: what waits then is cancelled, what comes later cleans up */
  constructor(
    private readonly engine: { address: string },
    private readonly ending: AbortSignal,
  ) {}

  /**
   * @param noticed shows the wait for the turn
   * @throws BackendError where the turn never came, and what the work throws
   */
  async run<T>(work: () => Promise<T>, noticed = (turn: Promise<void>) => turn): Promise<T> {
    const entered = performance.now();
    const cleansUp = this.ending.aborted;
    await noticed(new Promise((resolve) => this.slots.take(resolve)));
    if (this.ending.aborted && !cleansUp) throw this.passedOn(this.cancelled());
    if (this.standstillSince > entered) throw this.passedOn(this.notBegun());
    this.underWay += 1;
    try {
      const result = await work();
      this.done(true);
      return result;
    } catch (error) {
      this.done(!(explain(error, this.engine) instanceof UnreachableEngineError));
      throw error;
    }
  }

  private done(isAnswered: boolean): void {
    this.underWay -= 1;
    this.heldBack += 1;
    if (!isAnswered && this.underWay > 0) return;
    if (!isAnswered) this.standstillSince = performance.now();
    const free = this.heldBack;
    this.heldBack = 0;
    for (let at = 0; at < free; at += 1) this.slots.release();
  }

  private passedOn(error: Error): Error {
    this.slots.release();
    return error;
  }

  private cancelled(): BackendError {
    return new BackendError(
      "OC2225",
      `Cancelled while it waited for others at the Docker engine at ${this.engine.address}: Pulumi is shutting down`,
      "Run the same command again",
    );
  }

  private notBegun(): BackendError {
    return new UnreachableError(
      "OC2226",
      `Not begun: the Docker engine at ${this.engine.address} does not respond to the requests for others`,
      "Check that it is running (`docker ps`), restart it if that hangs too, and run the same command again",
    );
  }
}
