import assert from "node:assert/strict";
import { onEachBackend } from "../support/on-backends";

const names = ["a", "b", "c"];
const larger = 'memoryLimit: "4g"';

describe("a killed change", () => {
  onEachBackend(
    "is completed by the next up after a kill during the create of a replacement",
    "docker",
    async (trial) => {
      await trial.program(names).up();
      const old = await trial.assertSettled(3);
      const left = await trial.program(names, larger).killUp(2);
      await trial.up();
      const now = await trial.assertSettled(3);
      assert.deepEqual(
        now.filter((id) => [...old, ...left].includes(id)),
        [],
      );
      await trial.up("--expect-no-changes");
    },
  );

  onEachBackend(
    "is completed by the next up after a kill during the delete of a replaced container",
    "none",
    async (trial) => {
      await trial.program(names).up();
      trial.program(names, larger).backend.delayDeletes(1_000);
      const going = trial.startUp();
      await going.printed("deleting original");
      going.killTree();
      await going.ended;
      trial.backend.removeDelays();
      trial.stack.release();
      await trial.up();
      await trial.assertSettled(3);
      await trial.up("--expect-no-changes");
    },
  );

  onEachBackend("is completed by the next destroy after a kill during a destroy", "hosted", async (trial) => {
    await trial.program(names).up();
    trial.backend.delayDeletes(1_000);
    const going = trial.start("destroy", "--yes", "--skip-preview", "--suppress-progress");
    await going.printed("deleting");
    going.killTree();
    await going.ended;
    trial.backend.removeDelays();
    trial.stack.release();
    assert.notDeepEqual(trial.inState(), []);
    await trial.ok("destroy", "--yes", "--skip-preview");
    await trial.assertSettled(0);
  });

  onEachBackend(
    "leaves orphans that a destroy keeps and the next up removes, after a kill during a create",
    "none",
    async (trial) => {
      const left = await trial.program(names).killUp(2);
      await trial.ok("destroy", "--yes", "--skip-preview");
      assert.deepEqual((await trial.inventory()).sort(), left);
      await trial.up();
      await trial.assertSettled(3);
    },
  );
});
