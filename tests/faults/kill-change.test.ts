import assert from "node:assert/strict";
import { onPlaces } from "../support/on-places";

const names = ["a", "b", "c"];
const larger = 'memoryLimit: "4g"';

describe("a change that is killed", function () {
  this.timeout(180_000);

  onPlaces("in the create of a replacement: the next up replaces all", "docker", async (trial) => {
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
  });

  onPlaces("in the delete of what was replaced: the next up deletes it", "none", async (trial) => {
    await trial.program(names).up();
    trial.program(names, larger).place.slowDeletes(1_000);
    const going = trial.startUp();
    await going.printed("deleting original");
    going.killTree();
    await going.ended;
    trial.place.quick();
    trial.stack.release();
    await trial.up();
    await trial.assertSettled(3);
    await trial.up("--expect-no-changes");
  });

  onPlaces("in a destroy: the next destroy leaves nothing", "hosted", async (trial) => {
    await trial.program(names).up();
    trial.place.slowDeletes(1_000);
    const going = trial.start("destroy", "--yes", "--skip-preview", "--suppress-progress");
    await going.printed("deleting");
    going.killTree();
    await going.ended;
    trial.place.quick();
    trial.stack.release();
    assert.notDeepEqual(trial.inState(), []);
    await trial.ok("destroy", "--yes", "--skip-preview");
    await trial.assertSettled(0);
  });

  onPlaces("in a create: destroy knows of what was stored only, and the next up of the rest", "none", async (trial) => {
    const left = await trial.program(names).killUp(2);
    await trial.ok("destroy", "--yes", "--skip-preview");
    assert.deepEqual((await trial.inventory()).sort(), left);
    await trial.up();
    await trial.assertSettled(3);
  });
});
