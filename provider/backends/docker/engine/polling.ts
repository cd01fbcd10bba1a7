import { setTimeout as sleep } from "node:timers/promises";

const initialIntervalMs = 5;
const maxIntervalMs = 250;

/** Yields once for each attempt until the timeout: at once, then after intervals that double (exponential backoff). */
export async function* polls(timeoutMs: number): AsyncGenerator<void> {
  const end = Date.now() + timeoutMs;
  for (let interval = initialIntervalMs; ; interval = Math.min(2 * interval, maxIntervalMs)) {
    yield;
    if (Date.now() > end) return;
    await sleep(interval);
  }
}
