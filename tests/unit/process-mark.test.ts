import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { processMark, startedByPs } from "../../provider/lifecycle/journal/process-mark";

describe("processMark", () => {
  it("is the same for one process, and another for each other process", async () => {
    assert.deepEqual(processMark(process.pid), processMark(process.pid));
    const child = spawn("sleep", ["60"]);
    await once(child, "spawn");
    assert.notEqual(processMark(child.pid ?? 0)?.started, processMark(process.pid)?.started);
    child.kill();
    await once(child, "exit");
  });

  it("is undefined for a process that has ended, also before its parent has reaped it", async () => {
    assert.equal(processMark(spawnSync("true").pid), undefined);
    const parent = spawn("sh", ["-c", "true & echo $!; exec sleep 60"]);
    const [pid] = await once(parent.stdout, "data");
    for (const end = Date.now() + 60_000; processMark(Number(pid)) && Date.now() < end; ) await sleep(10);
    assert.equal(processMark(Number(pid)), undefined);
    parent.kill();
    await once(parent, "exit");
  });

  it("comes from ps where the system has no /proc", () => {
    assert.match(startedByPs(process.pid) ?? "", /\d\d:\d\d:\d\d \d{4}$/);
    assert.equal(startedByPs(process.pid), startedByPs(process.pid));
    assert.equal(startedByPs(spawnSync("true").pid), undefined);
  });
});
