import assert from "node:assert/strict";
import { onEachBackend } from "../support/on-backends";
import type { Trial } from "../support/trial";

const names = ["a", "b", "c", "d"];

/** Presses Ctrl-C twice while creates run. */
async function interruptTwice(trial: Trial): Promise<void> {
  const going = trial.startUp();
  await trial.begun(2, going);
  going.signal("SIGINT");
  await going.printed("^C received");
  going.signal("SIGINT");
  const { text } = await going.ended;
  assert.match(text, /terminating/);
}

/** The existing containers that are not in state. */
async function unstored(trial: Trial): Promise<string[]> {
  const inState = trial.inState();
  return (await trial.inventory()).filter((id) => !inState.includes(id));
}

async function assertNextUpCompletes(trial: Trial): Promise<void> {
  trial.backend.removeDelays();
  trial.stack.release(); // the second Ctrl-C may leave a lock
  await trial.up();
  await trial.assertSettled(4);
  await trial.up("--expect-no-changes");
}

describe("an interrupted up", () => {
  onEachBackend("finishes and stores running creates after one Ctrl-C", "none", async (trial) => {
    trial.program(names).backend.delayCreates(1_000, false);
    const going = trial.startUp();
    await trial.begun(2, going);
    going.signal("SIGINT");
    const { code } = await going.ended;
    assert.notEqual(code, 0);
    await trial.assertSettled(2);
    await assertNextUpCompletes(trial);
  });

  onEachBackend("removes containers whose responses arrive after the second Ctrl-C", "none", async (trial) => {
    trial.program(names).backend.delayCreates(2_000, true);
    await interruptTwice(trial);
    assert.deepEqual(await unstored(trial), []);
    await assertNextUpCompletes(trial);
  });

  onEachBackend(
    "keeps journal entries of creates that outlast it after the second Ctrl-C, and the next up removes their containers",
    "hosted",
    async (trial) => {
      trial.program(names).backend.delayCreates(60_000, true);
      await interruptTwice(trial);
      const left = await unstored(trial);
      assert.deepEqual([left.length, trial.journalFiles().length], [2, 2]);
      await assertNextUpCompletes(trial);
      const there = await trial.inventory();
      assert.deepEqual(
        left.filter((id) => there.includes(id)),
        [],
      );
    },
  );
});
