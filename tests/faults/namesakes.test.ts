import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { onPlaces } from "../support/on-places";
import type { Trial } from "../support/trial";

const names = ["a", "b"];

/** Whatever a namesake does, what a killed run of the other has made stays; and the other's own up removes it. */
async function assertLeftAlone(trial: Trial, namesake: Trial): Promise<void> {
  const left = await trial.program(names).killUp(2);
  const assertThere = async () => {
    const there = await trial.inventory();
    assert.deepEqual(
      left.filter((id) => !there.includes(id)),
      [],
    );
  };

  namesake.program(names).stack.init();
  await namesake.up();
  await assertThere();
  const { deployment } = namesake.stack.state();
  const urns = deployment.resources.filter(({ type }) => type.endsWith(":Container")).map(({ urn }) => urn);
  assert.equal(urns.length, 2);
  await namesake.up(...urns.flatMap((urn) => ["--replace", urn]));
  await assertThere();
  await namesake.ok("destroy", "--yes", "--skip-preview");
  await assertThere();
  assert.equal(trial.written().length, 2);

  await trial.up();
  const now = await trial.assertSettled(2);
  assert.deepEqual(
    left.filter((id) => now.includes(id)),
    [],
  );
}

describe("two stacks of the same name", function () {
  this.timeout(240_000);

  onPlaces("in two folders leave each other's containers alone", "docker", async (trial) => {
    const namesake = trial.beside({});
    try {
      await assertLeftAlone(trial, namesake);
    } finally {
      await namesake.abandon();
    }
  });

  onPlaces("in two places of state leave each other's containers alone", "none", async (trial) => {
    const { folder } = trial.stack;
    const state = join(folder, "other-state");
    mkdirSync(state);
    const namesake = trial.beside({ PULUMI_BACKEND_URL: `file://${state}` }, folder);
    try {
      await assertLeftAlone(trial, namesake);
    } finally {
      await namesake.stack.run(["destroy", "--yes", "--skip-preview"]);
    }
  });
});
