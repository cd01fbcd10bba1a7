import assert from "node:assert/strict";
import { onPlaces } from "../support/on-places";
import type { Trial } from "../support/trial";

const names = ["a", "b", "c", "d"];

/** Two Ctrl-C while creates are under way. */
async function interruptTwice(trial: Trial): Promise<void> {
  const going = trial.startUp();
  await trial.begun(2, going);
  going.signal("SIGINT");
  await going.printed("^C received");
  going.signal("SIGINT");
  const second = Date.now();
  const { text } = await going.ended;
  assert.match(text, /terminating/);
  const seconds = (Date.now() - second) / 1000;
  assert.ok(seconds < 6, `it took ${seconds} s to end`);
}

/** What is there and Pulumi does not know of. */
async function unstored(trial: Trial): Promise<string[]> {
  const inState = trial.inState();
  return (await trial.inventory()).filter((id) => !inState.includes(id));
}

async function assertNextUpCompletes(trial: Trial): Promise<void> {
  trial.place.quick();
  trial.stack.release(); // the second Ctrl-C may leave a lock
  await trial.up();
  await trial.assertSettled(4);
  await trial.up("--expect-no-changes");
}

describe("an up that is interrupted", function () {
  this.timeout(180_000);

  onPlaces("once: what is under way is finished and stored", "none", async (trial) => {
    trial.program(names).place.slow(1_000, false);
    const going = trial.startUp();
    await trial.begun(2, going);
    going.signal("SIGINT");
    const { code } = await going.ended;
    assert.notEqual(code, 0);
    await trial.assertSettled(2);
    await assertNextUpCompletes(trial);
  });

  onPlaces("twice: what arrives late is removed again", "none", async (trial) => {
    trial.program(names).place.slow(2_000, true);
    await interruptTwice(trial);
    assert.deepEqual(await unstored(trial), []);
    await assertNextUpCompletes(trial);
  });

  onPlaces("twice: what arrives too late is written down, and removed by the next up", "hosted", async (trial) => {
    trial.program(names).place.slow(9_000, true);
    await interruptTwice(trial);
    const left = await unstored(trial);
    assert.deepEqual([left.length, trial.written().length], [2, 2]);
    await assertNextUpCompletes(trial);
    const there = await trial.inventory();
    assert.deepEqual(
      left.filter((id) => there.includes(id)),
      [],
    );
  });
});
