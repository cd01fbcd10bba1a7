import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { idleLine, longestPollInterval } from "../../provider/backends/docker/sandbox/watchdog";
import { canDebug, ScaledSandboxes } from "../support/scaled-sandboxes";

const minute = 5; // seconds; a busy host has time to stop the watchdog
const waiting = 9; // seconds, at least, that a missing report is waited for
const overdue = minute + longestPollInterval + 1; // seconds after which no sandbox should run

describe("a sandbox in which code has stopped its watchdog", () => {
  let sandboxes: ScaledSandboxes;
  before(async function () {
    if (!canDebug) this.skip(); // then code inside cannot stop it either
    sandboxes = await ScaledSandboxes.open(minute);
  });
  after(() => sandboxes?.end());

  /** A sandbox without a working watchdog. */
  async function stuck(): Promise<string> {
    const id = await sandboxes.create();
    await sandboxes.stopWatchdog(id);
    return id;
  }

  async function timed(read: () => Promise<string | undefined>) {
    const began = Date.now();
    const status = await read();
    return { status, took: (Date.now() - began) / 1000 };
  }

  it("has the status unwatched and keeps running, unless it is young or in use, or a report arrives late or from code inside", async () => {
    const { backend } = sandboxes;
    const [one, visited, freed, forged, busy] = await Promise.all([
      stuck(),
      stuck(),
      stuck(),
      stuck(),
      sandboxes.create(),
    ]);
    // Used all the time, and watched: its own report shows that, without a signal.
    await sandboxes.sh(busy, "while :; do sleep 1; done > /dev/null 2>&1 &");
    const visit = sandboxes.sh(visited, "exec sleep 60");
    assert.equal(await backend.status(one), "running");
    await sleep(overdue * 1000);
    const young = await stuck();
    await sandboxes.sh(forged, `echo "${idleLine} 0 of 0" > /proc/1/fd/1`);

    const observe = async (id: string) => (await backend.observe(id))?.status;
    const [byStatus, byObserve, byList, ofFreed, ...quick] = await Promise.all([
      timed(() => backend.status(one)),
      timed(() => observe(one)),
      timed(async () => (await backend.list(`${sandboxes.prefix}-0`)).map(({ status }) => status).join()),
      timed(() => observe(freed)),
      ...[visited, young, busy, forged].map((id) => timed(() => observe(id))),
      sleep(3_000).then(() => sandboxes.sh(freed, "kill -9 $(grep -l python /proc/[0-9]*/comm | tr -dc '0-9\\n')")),
    ]);
    for (const { status, took } of [byStatus, byObserve, byList]) {
      assert.equal(status, "unwatched");
      assert.ok(took > waiting, `its watchdog was waited for ${took} s`);
    }
    assert.equal(ofFreed.status, "running");
    assert.ok(ofFreed.took > 2);
    assert.ok((await sandboxes.host.client.getContainer(one).inspect()).State.Running);
    for (const seen of quick.slice(0, 4)) {
      assert.ok(seen && "status" in seen && seen.status === "running" && seen.took < waiting, JSON.stringify(quick));
    }
    await backend.delete(visited);
    await visit.catch(() => {});
  });
});
