import assert from "node:assert/strict";
import { onEachBackend } from "../support/on-backends";
import type { Trial } from "../support/trial";

describe("a container that is replaced on demand", () => {
  /** Asserts that one container exists after an up, and that it is new. */
  async function assertReplaced(trial: Trial, ...args: string[]): Promise<void> {
    const [old] = trial.inState();
    await trial.up(...args);
    assert.notEqual((await trial.assertSettled(1))[0], old);
  }

  onEachBackend("is new after --replace, a taint, a new name and deleteBeforeReplace", "hosted", async (trial) => {
    await trial.program(["one"]).up();
    await assertReplaced(trial, "--replace", trial.stack.container().urn);

    await trial.ok("state", "taint", trial.stack.container().urn, "--yes");
    await assertReplaced(trial);

    trial.program(["two"]); // without an alias
    await assertReplaced(trial);

    trial.program(["two"], 'memoryLimit: "4g"', "deleteBeforeReplace: true");
    await assertReplaced(trial);
    await trial.up("--expect-no-changes");
  });

  onEachBackend("is the only one after a killed replacement that is requested again", "none", async (trial) => {
    await trial.program(["one"]).up();
    const { urn } = trial.stack.container();
    await trial.killUp(1, "--replace", urn);
    await assertReplaced(trial, "--replace", urn);

    await trial.ok("state", "taint", urn, "--yes");
    await trial.killUp(1);
    await assertReplaced(trial);

    trial.program(["one"], 'memoryLimit: "4g"', "deleteBeforeReplace: true");
    const left = await trial.killUp(1);
    assert.deepEqual(await trial.inventory(), left);
    await trial.up();
    assert.notDeepEqual(await trial.assertSettled(1), left);
  });

  onEachBackend(
    "has an orphan that stays, with a warning, after a killed replacement that is not requested again",
    "none",
    async (trial) => {
      await trial.program(["one"]).up();
      const { urn, id = "" } = trial.stack.container();
      const left = await trial.killUp(1, "--replace", urn);
      // This run creates nothing, and only a create removes orphans.
      assert.match(
        await trial.up(),
        /warning: OC2016: .* of an interrupted run may be orphaned at \S+: replace this resource/,
      );
      assert.deepEqual(trial.inState(), [id]);
      assert.deepEqual((await trial.inventory()).sort(), [id, ...left].sort());
      assert.equal(trial.journalFiles().length, 1);
      await assertReplaced(trial, "--replace", urn);
    },
  );
});
