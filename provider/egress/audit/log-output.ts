import { writeSync } from "node:fs";
import { codeOf } from "../checks/error-code";

/** Where the log's lines go. */
export interface Output {
  /** Writes a line at the end of this turn of the event loop, at the latest. */
  add(line: string): void;
  /** Writes a line with the next one, or ten milliseconds later. */
  addSoon(line: string): void;
  /** Settles when all lines until now are out of this process. */
  flushed(): Promise<void>;
}

const soonMs = 10;

/**
 * Standard output, by blocking writes: a written line is out of this process, and a log that nobody reads stops the process
 * before it fills its memory. A write takes longer than a decision, and a request that waits for its line should not wait for
 * those of others. So in each turn of the event loop the first line gets a write at once, and all others share one at its end.
 * Lines that decide nothing wait for other lines, as each write wakes the log's reader, and that takes time from requests.
 */
export class StandardOutput implements Output {
  private lines = "";
  private turn: Promise<void> | undefined;
  private hasHurried = false;
  private later: NodeJS.Timeout | undefined;

  add(line: string): void {
    this.lines += line;
    this.turn ??= new Promise((resolve) => setImmediate(() => resolve(this.endTurn())));
  }

  addSoon(line: string): void {
    this.lines += line;
    this.later ??= setTimeout(() => {
      this.later = undefined;
      this.flush();
    }, soonMs);
  }

  flushed(): Promise<void> {
    if (this.hasHurried && this.turn) return this.turn;
    this.hasHurried = true;
    this.flush();
    return Promise.resolve();
  }

  flush(): void {
    let rest = this.lines;
    this.lines = "";
    while (rest !== "") rest = rest.slice(written(rest));
  }

  private endTurn(): void {
    this.turn = undefined;
    this.hasHurried = false;
    this.flush();
  }
}

/** @returns how many characters are out: each is a byte, as the log is ASCII */
function written(text: string): number {
  try {
    return writeSync(1, text, null, "latin1");
  } catch (error) {
    if (codeOf(error) !== "EAGAIN") throw error; // the parent made it a pipe that does not block
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    return 0;
  }
}
