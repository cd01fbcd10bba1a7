import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { longestPause } from "../../provider/backends/docker/watchdog";
import { canDebug, ours, ScaledSandboxes } from "../support/scaled-sandboxes";

const minute = 2; // seconds
const overdue = minute + longestPause + 1; // seconds after which nothing should run any more

describe("a sandbox in which code has stopped what ends it", () => {
  let sandboxes: ScaledSandboxes;
  before(async function () {
    if (!canDebug) this.skip(); // then code inside cannot stop it either
    sandboxes = await ScaledSandboxes.open(minute);
  });
  after(() => sandboxes?.end());

  /** A sandbox that nothing inside will end. */
  async function stuck(): Promise<string> {
    const id = await sandboxes.create();
    await sandboxes.stopWatchdog(id);
    return id;
  }

  async function isThere(id: string): Promise<boolean> {
    const all = await sandboxes.host.client.listContainers({ all: true, filters: { name: [id] } });
    return all.length > 0;
  }

  async function warningsOf(look: (report: { progress(): void; warning(text: string): void }) => Promise<unknown>) {
    const warnings: string[] = [];
    const began = Date.now();
    const seen = await look({ progress: () => {}, warning: (text) => warnings.push(text) });
    return { seen, warnings, took: (Date.now() - began) / 1000 };
  }

  it("is ended and removed by its owner's next look, with a warning, unless it is young, in use, or answers in the end", async () => {
    const { backend } = sandboxes;
    const [one, another, visited, freed, busy] = await Promise.all([
      stuck(),
      stuck(),
      stuck(),
      stuck(),
      sandboxes.create(),
    ]);
    // Used all the time, and watched: a look finds that out without a word.
    await sandboxes.sh(busy, "while :; do sleep 1; done > /dev/null 2>&1 &");
    const visit = sandboxes.sh(visited, "exec sleep 45");
    assert.deepEqual(await backend.status(one, ours, { progress: () => {}, warning: assert.fail }), "running");
    await sleep(overdue * 1000);
    const young = await stuck();

    // What does not end it tells of it as it is.
    assert.equal((await backend.list(`${sandboxes.prefix}-0`)).length, 1);
    const ofStranger = await warningsOf((report) => backend.observe(another, {}, report)); // who knows but its id
    const [byStatus, byObserve, ofFreed, ofVisited, ofYoung, ofBusy] = await Promise.all([
      warningsOf((report) => backend.status(one, ours, report)),
      warningsOf((report) => backend.observe(another, ours, report)),
      warningsOf((report) => sandboxes.look(freed, report)),
      warningsOf((report) => sandboxes.look(visited, report)),
      warningsOf((report) => sandboxes.look(young, report)),
      warningsOf((report) => sandboxes.look(busy, report)),
      sleep(3_000).then(() => sandboxes.sh(freed, "kill -9 $(grep -l python /proc/[0-9]*/comm | tr -dc '0-9\\n')")),
    ]);
    assert.ok(ofFreed.seen && ofFreed.took > 2);
    assert.deepEqual(ofFreed.warnings, []);
    for (const [id, { seen, warnings, took }] of [
      [one, byStatus],
      [another, byObserve],
    ] as const) {
      assert.equal(seen, undefined);
      const why = "code inside had stopped what ends it when it is idle";
      assert.deepEqual(warnings, [`container ${id} was ended: ${why}`]);
      assert.ok(!(await isThere(id)));
      assert.ok(took > 9 && took < 20, `its watchdog was waited for ${took} s`);
    }
    for (const [what, { seen, warnings, took }] of Object.entries({ ofStranger, ofVisited, ofYoung, ofBusy })) {
      assert.ok(seen, what);
      assert.deepEqual(warnings, [], what);
      assert.ok(took < 5, `${what} took ${took} s`);
    }
    await backend.delete(visited);
    await visit.catch(() => {});
  }).timeout(120_000);
});
