import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { idleTimeOf } from "../../provider/backends/docker/sandbox/idle-time";
import { readyLine } from "../../provider/backends/docker/sandbox/watchdog";
import { engine } from "../support/docker";
import { engineColumn } from "../support/engine-column";
import { ScaledSandboxes } from "../support/scaled-sandboxes";
import { silent } from "../support/silent";

const minute = 6; // seconds; its watchdog polls each second then

describe("idleTimeOf", () => {
  let sandboxes: ScaledSandboxes;
  const call = async (id: string) => idleTimeOf(sandboxes.host.client.getContainer(id), 10_000);
  const logOf = async (id: string) =>
    String(await sandboxes.host.client.getContainer(id).logs({ stdout: true, timestamps: true }));

  before(async () => {
    sandboxes = await ScaledSandboxes.open(minute);
  });
  after(() => sandboxes.end());

  it("returns a time of the engine's clock, and does not count as use however often it is called", async () => {
    const began = Date.now();
    const id = await sandboxes.create();
    const created = Date.now();
    let calls = 0;
    const isPodman = (await engineColumn(sandboxes.host.client)) === "podman";
    for (let asked = Date.now(), answer = await call(id); answer; asked = Date.now(), answer = await call(id)) {
      const stamp = Date.parse(answer.stamp);
      const earliest = isPodman ? Math.floor(asked / 1000) * 1000 : asked; // Podman's log has whole seconds
      assert.ok(earliest <= stamp && stamp <= Date.now(), `asked at ${asked}, reported at ${stamp}`);
      // It began during the create, and reported during the call, in whole seconds.
      const [least, most] = [(asked - created) / 1000 - 1, (stamp - began) / 1000 + 1];
      assert.ok(answer.seconds >= least && answer.seconds <= most, `${answer.seconds}, not ${least} to ${most} s`);
      calls += 1;
      await sleep(50);
    }
    const took = ((await sandboxes.ended(id)) - began) / 1000; // Podman serves nothing else well while it waits
    assert.ok(took >= minute - 1 && took < 2 * minute, `expired after ${took} s`);
    assert.ok(calls >= 3, `called ${calls} times`);
    assert.equal(await sandboxes.statusOf(id), "expired");
  });

  it("returns whether the sandbox was used since its start, up to this moment", async () => {
    const slow = await ScaledSandboxes.open(180); // whose watchdogs poll each 15 seconds
    try {
      const id = await slow.create();
      const container = slow.host.client.getContainer(id);
      await sleep(2_000);
      const [first, again] = [await call(id), await call(id)];
      assert.deepEqual([first?.isUnused, again?.isUnused], [true, true]);
      const began = Date.now();
      await slow.sh(id, "true");
      const used = await call(id);
      assert.equal(used?.isUnused, false);
      assert.ok(used.seconds <= (Date.now() - began) / 1000 + 1, `${used.seconds} s`);
      await slow.backend.repair(id, {}, silent); // it is running, so nothing is repaired
      assert.equal((await call(id))?.isUnused, false);
      await container.restart({ t: 0 });
      await sleep(1_000);
      assert.equal((await call(id))?.isUnused, true);
    } finally {
      await slow.end();
    }
  });

  it("returns a report to each of many concurrent callers", async () => {
    const began = Date.now();
    const id = await sandboxes.create();
    const other = await engine();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, at) =>
        idleTimeOf((at % 2 === 0 ? sandboxes.host : other).client.getContainer(id), 10_000),
      ),
    );
    const most = (Date.now() - began) / 1000 + 1;
    for (const answer of answers) assert.ok(answer && answer.seconds <= most, JSON.stringify(answers));
  });

  it("returns undefined for a sandbox that has ended, or ends meanwhile", async () => {
    const [killed, removed] = [await sandboxes.create(), await sandboxes.create()];
    await sandboxes.host.client.getContainer(killed).kill();
    await sandboxes.ended(killed);
    assert.equal(await call(killed), undefined);
    await Promise.all([call(removed), sandboxes.backend.delete(removed)]);
    assert.equal(await call(removed), undefined);
  });

  it("returns no report that the sandbox is in use while it removes its files", async () => {
    const id = await sandboxes.create();
    await sandboxes.sh(id, "mkdir /mnt/data/a && cd /mnt/data/a && seq 30000 | xargs touch");
    const reports: number[] = [];
    for (let answer = await call(id); answer; answer = await call(id)) reports.push(answer.seconds);
    assert.ok(reports.length > 0);
    assert.deepEqual(
      reports,
      reports.toSorted((one, other) => one - other),
    );
    assert.equal(await sandboxes.statusOf(id), "expired");
  });

  it("returns a report although the sandbox's log is full, and the log stays within its limit", async () => {
    const id = await sandboxes.create();
    // Code inside can do this, and thousands of reports have the same effect.
    await sandboxes.sh(id, "head -c 200000 /dev/zero | tr '\\0' 'x' | fold -w 50 > /proc/1/fd/1");
    const log = await logOf(id);
    assert.ok(log.length < 65_536 && !log.includes(readyLine), `${log.length} bytes`);
    for (let times = 0; times < 5; times += 1) assert.ok(await call(id));
    assert.equal((await sandboxes.backend.repair(id, {}, silent)).status, "running");
  });
});
