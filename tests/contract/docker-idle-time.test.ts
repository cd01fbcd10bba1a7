import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { idleTimeOf } from "../../provider/backends/docker/sandbox/idle-time";
import { readyLine } from "../../provider/backends/docker/sandbox/watchdog";
import { engine } from "../support/docker";
import { ScaledSandboxes } from "../support/scaled-sandboxes";
import { silent } from "../support/silent";

const minute = 12; // seconds; its watchdog polls each second then, and a busy host has time for many signals

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
    const id = await sandboxes.create();
    const began = Date.now();
    let calls = 0;
    let longest = 0;
    const stop = sandboxes.ended(id);
    for (let answer = await call(id); answer; answer = await call(id)) {
      assert.ok(Math.abs(Date.parse(answer.stamp) - Date.now()) < 2_000, `reported at ${answer.stamp}`);
      const idle = (Date.now() - began) / 1000;
      assert.ok(answer.seconds <= idle + 1 && answer.seconds >= idle - 3, `${answer.seconds} after ${idle} s`);
      longest = answer.seconds;
      calls += 1;
      await sleep(50);
    }
    const took = ((await stop) - began) / 1000;
    assert.ok(took > minute - 2 && took < minute + 3, `expired after ${took} s`);
    assert.ok(calls > 20 && longest >= minute - 2, `called ${calls} times, up to ${longest} s`);
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
      await slow.sh(id, "true");
      const used = await call(id);
      assert.deepEqual([used?.isUnused, used?.seconds], [false, 0]);
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
    const id = await sandboxes.create();
    const other = await engine();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, at) =>
        idleTimeOf((at % 2 === 0 ? sandboxes.host : other).client.getContainer(id), 10_000),
      ),
    );
    for (const answer of answers) assert.ok(answer && answer.seconds <= 3, JSON.stringify(answers));
  });

  it("returns undefined for a sandbox that has ended, or ends meanwhile", async () => {
    const [killed, removed] = [await sandboxes.create(), await sandboxes.create()];
    await sandboxes.host.client.getContainer(killed).kill();
    await sandboxes.ended(killed);
    assert.equal(await call(killed), undefined);
    const [answer] = await Promise.all([call(removed), sandboxes.backend.delete(removed)]);
    assert.ok(answer === undefined || answer.seconds <= 2);
    assert.equal(await call(removed), undefined);
  });

  it("returns no report that the sandbox is in use while it removes its files", async () => {
    const id = await sandboxes.create();
    await sandboxes.sh(id, "mkdir /mnt/data/a && cd /mnt/data/a && seq 30000 | xargs touch");
    const began = Date.now();
    let last = await call(id);
    for (let answer = last; answer; answer = await call(id)) last = answer;
    const idle = (Date.now() - began) / 1000;
    assert.ok(last && last.seconds >= minute - 3, `${last?.seconds} after ${idle} s`);
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
