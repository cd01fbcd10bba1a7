import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { onEachBackend } from "../support/on-backends";
import type { Trial } from "../support/trial";

const names = ["a", "b"];

/** No command of the namesake removes the orphans of a killed run of the trial; the trial's own up does. */
async function assertIndependent(trial: Trial, namesake: Trial): Promise<void> {
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
  assert.equal(trial.journalFiles().length, 2);

  await trial.up();
  const now = await trial.assertSettled(2);
  assert.deepEqual(
    left.filter((id) => now.includes(id)),
    [],
  );
}

describe("two stacks of the same name", () => {
  onEachBackend("in two folders do not remove each other's containers", "docker", async (trial) => {
    const namesake = trial.beside({});
    try {
      await assertIndependent(trial, namesake);
    } finally {
      await namesake.abandon();
    }
  });

  onEachBackend("in two state backends do not remove each other's containers", "none", async (trial) => {
    const { folder } = trial.stack;
    const state = join(folder, "other-state");
    mkdirSync(state);
    const namesake = trial.beside({ PULUMI_BACKEND_URL: `file://${state}` }, folder);
    try {
      await assertIndependent(trial, namesake);
    } finally {
      await namesake.stack.run(["destroy", "--yes", "--skip-preview"]);
    }
  });
});
