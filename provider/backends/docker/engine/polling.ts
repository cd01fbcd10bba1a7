import { setTimeout as sleep } from "node:timers/promises";

const shortest = 5; // ms
const longest = 250; // ms

/** For what has to be looked at until it is so: at once, and after pauses that grow twofold, as long as there is patience (ms). */
export async function* looks(patience: number): AsyncGenerator<void> {
  const end = Date.now() + patience;
  for (let pause = shortest; ; pause = Math.min(2 * pause, longest)) {
    yield;
    if (Date.now() > end) return;
    await sleep(pause);
  }
}
