import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { archiveOf } from "../../provider/backends/docker/engine/archive";
import { idleTimeOf } from "../../provider/backends/docker/sandbox/idle-time";
import { idleLine } from "../../provider/backends/docker/sandbox/watchdog";
import { ScaledSandboxes } from "../support/scaled-sandboxes";
import { silent } from "../support/silent";

const minute = 6; // seconds; its watchdog polls each second then
const span = 1.5 * minute; // how long a sandbox in use is watched

/** Kills every `sleep` in the sandbox, the watchdog's too, over and over, and starts no process for it. */
const killer = `
import os, time
while True:
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            if "(sleep)" in open(f"/proc/{pid}/stat").read(): os.kill(int(pid), 9)
        except OSError: pass
    time.sleep(0.1)`;

/** Takes each process that the sandbox may have, until it is killed. */
const hoarder = `
import os, signal, time
while True:
    try:
        if os.fork() == 0: signal.pause()
    except OSError: time.sleep(0.0005)`;

describe("the watchdog of a sandbox", () => {
  let sandboxes: ScaledSandboxes;
  before(async () => {
    sandboxes = await ScaledSandboxes.open(minute);
  });
  after(() => sandboxes.end());

  /** Runs a command to its end, and asserts that the sandbox still runs. */
  async function work(id: string, command: string): Promise<void> {
    assert.deepEqual(await sandboxes.sh(id, command), { code: 0, text: "" });
  }

  /** Short commands from outside, with longer pauses between them. */
  async function visit(id: string): Promise<void> {
    for (const end = Date.now() + span * 1000; Date.now() < end; await sleep(minute * 250)) {
      await work(id, "true");
    }
  }

  /** Uses of a sandbox. Each settles when the sandbox has been in use for long enough. */
  const uses: Record<string, (id: string) => Promise<unknown>> = {
    "a command that starts no process": (id) => work(id, `exec sleep ${span}`),
    "a command under which processors are busy": (id) =>
      work(id, `for n in 1 2 3 4; do while :; do :; done & done; exec sleep ${span}`),
    "short commands now and then": visit,
    "short commands while the watchdog's sleep is killed": async (id) => {
      await sandboxes.startPython(id, killer);
      await visit(id);
    },
    "a process in the background that starts another now and then": async (id) => {
      await sandboxes.sh(id, "while :; do sleep 2; done > /dev/null 2>&1 &");
      await sleep(span * 1000);
    },
  };

  /** Activity that does not count as use. */
  const others: Record<string, (id: string) => Promise<unknown>> = {
    "a file that is copied in": async (id) => {
      const container = sandboxes.host.client.getContainer(id);
      await sleep(minute * 500);
      await container.putArchive(await archiveOf([["data/file", "x"]]), { path: "/mnt" });
      assert.equal((await idleTimeOf(container, 10_000))?.isUnused, true);
    },
    "a process in the background that starts no other": (id) =>
      sandboxes.startPython(id, "import signal; signal.pause()"),
    "one that keeps a processor busy": (id) => sandboxes.startPython(id, "while True: pass"),
    "one that kills the watchdog's sleep": (id) => sandboxes.startPython(id, killer),
    "one that ignores signals": (id) => sandboxes.sh(id, "trap '' TERM HUP INT; exec tail -f /dev/null &"),
  };

  it("does not terminate a sandbox in any kind of use", async () => {
    await Promise.all(
      Object.entries(uses).map(async ([what, use]) => {
        const id = await sandboxes.create();
        await use(id);
        assert.equal(await sandboxes.statusOf(id), "running", what);
        await sandboxes.backend.delete(id);
      }),
    );
  });

  it("terminates every sandbox that is not in use, at its limit", async () => {
    await Promise.all(
      Object.entries(others).map(async ([what, leave]) => {
        const began = Date.now();
        const id = await sandboxes.create();
        await leave(id);
        const took = ((await sandboxes.ended(id)) - began) / 1000;
        assert.equal(await sandboxes.statusOf(id), "expired", what);
        assert.ok(took >= minute - 1, `${what}: ended after ${took} s`);
      }),
    );
  });

  it("terminates a sandbox at its limit after the last use", async () => {
    const id = await sandboxes.create();
    await sleep(minute * 500);
    const used = Date.now();
    await work(id, "true");
    const took = ((await sandboxes.ended(id)) - used) / 1000;
    assert.ok(took >= minute - 1 && took < 2 * minute, `ended after ${took} s`);
  });

  it("does not terminate a paused sandbox, and counts the pause as idle time afterwards", async () => {
    const id = await sandboxes.create();
    const container = sandboxes.host.client.getContainer(id);
    await container.pause();
    await sleep((minute + 2) * 1000);
    assert.equal(await sandboxes.backend.status(id), "paused");
    assert.equal(await sandboxes.statusOf(id), "paused");
    assert.deepEqual(Object.keys((await sandboxes.backend.activity(id)) ?? {}), ["reportedAt"]);
    await container.unpause();
    const resumed = Date.now();
    assert.ok((await sandboxes.ended(id)) - resumed < 4_000);
    assert.equal(await sandboxes.statusOf(id), "expired");
    // It would have answered a signal when it was resumed.
    assert.doesNotMatch(String(await container.logs({ stdout: true })), new RegExp(idleLine));
  });

  it("ends when code inside takes all processes, and its sandbox can be repaired", async () => {
    const id = await sandboxes.create();
    await sandboxes.sh(id, "echo kept > /mnt/data/file");
    await sandboxes.sh(id, `python3 -c '${hoarder}'`);
    await sandboxes.ended(id);
    assert.equal(await sandboxes.statusOf(id), "stopped");
    assert.equal((await sandboxes.backend.repair(id, {}, silent)).status, "running");
    assert.equal((await sandboxes.sh(id, "cat /mnt/data/file")).text, "kept");
  });
});
