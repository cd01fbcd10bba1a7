import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { sandboxesAtATime } from "../../provider/backends/docker/turns";
import { onEachBackend, withTrial } from "../support/on-backends";
import { dockerTestBackend } from "../support/test-backend";
import type { Trial } from "../support/trial";

const names = ["a", "b", "c", "d"];

/** Presses Ctrl-C twice while creates run. */
async function interruptTwice(trial: Trial, parallel = 2): Promise<void> {
  const going = trial.startUp("--parallel", String(parallel));
  await trial.begun(parallel, going);
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

async function assertNextUpCompletes(trial: Trial, count = names.length): Promise<void> {
  trial.backend.removeDelays();
  trial.stack.release(); // the second Ctrl-C may leave a lock
  await trial.up();
  await trial.assertSettled(count);
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

  it("begins nothing that waits after the second Ctrl-C (docker)", () =>
    withTrial(dockerTestBackend, async (trial, { faulty }) => {
      const many = Array.from({ length: 2 * sandboxesAtATime }, (_, at) => `many-${at}`);
      trial.program(many);
      let created = 0;
      faulty.fault = (request) => {
        if (!request.startsWith("POST /containers/create")) return undefined;
        created += 1;
        return { delayMs: 2_000, afterWork: true };
      };
      await interruptTwice(trial, many.length);
      // Some may begin before the second Ctrl-C; all others would in the five seconds after it.
      assert.ok(created > 0 && created < many.length, `${created} were begun`);
      await assertNextUpCompletes(trial, many.length);
    }));

  onEachBackend("leaves no orphan where pulumi alone is killed, and not its provider", "docker", async (trial) => {
    const many = Array.from({ length: 3 * sandboxesAtATime }, (_, at) => `many-${at}`);
    trial.program(many).backend.delayCreates(2_000, true);
    const going = trial.startUp("--parallel", String(many.length));
    await trial.begun(many.length, going);
    going.signal("SIGKILL");
    trial.stack.release();
    await trial.up("--parallel", String(many.length));
    await trial.assertSettled(many.length);
    await sleep(3_000); // in which the first run's provider would have created another one
    await trial.assertSettled(many.length);
    assert.deepEqual(trial.journalFiles(), []);
  });
});
