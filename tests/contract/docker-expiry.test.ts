import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { DockerBackend } from "../../provider/backends/docker/docker-backend";
import type { Engine } from "../../provider/backends/docker/engine/engine";
import { named } from "../support/create-context";
import { assertNothingLeft, engine, filesOf, inside, sandboxArgs, stopped } from "../support/docker";
import { silent } from "../support/silent";

const minute = 60_000;

/** In real time: one minute, and the delay that the docs state. */
describe("a sandbox on Docker with an idle limit of a minute", () => {
  const prefix = `t${randomBytes(4).toString("hex")}`;
  let host: Engine;
  let backend: DockerBackend;
  let idle: string;
  let working: string;
  let visited: string;
  let began: number;
  let used: number;

  async function create(name: string): Promise<string> {
    const expiresAfter = { anchor: "last_active_at", minutes: 1 } as const;
    return (await backend.create(sandboxArgs(`${prefix}-${name}`, { expiresAfter }), silent, named)).id;
  }

  before(async () => {
    host = await engine();
    backend = new DockerBackend(host);
    began = Date.now();
    [idle, working, visited] = await Promise.all([create("idle"), create("working"), create("visited")]);
    await inside(
      host.client,
      idle,
      "mkdir -p /mnt/data/folder; echo x > /mnt/data/folder/file; echo x > /mnt/data/.hidden",
    );
    used = Date.now();
  });
  after(async () => {
    for (const id of [idle, working, visited]) await backend.delete(id);
    await assertNothingLeft(host.client, prefix);
  });

  it("expires at its limit unless it is in use, and removes its files", async () => {
    // One process that starts no other, for longer than the limit; and one short command every 25 seconds.
    const work = inside(host.client, working, "exec sleep 85");
    const visits = (async () => {
      for (let visit = 0; visit < 3; visit += 1) {
        await sleep(25_000);
        await inside(host.client, visited, "true");
      }
    })();

    // Its activity is read all the time, which does not count as use.
    let reads = 0;
    const isOver = stopped(host.client, idle);
    for (let asked = Date.now(), read = await activity(); read?.expiredAt === undefined; read = await activity()) {
      const idleFor = (read?.reportedAt ?? 0) - (read?.lastActiveAt ?? 0);
      // The watchdog polls every five seconds; both times are whole seconds.
      const [least, most] = [(asked - used) / 1000 - 7, (Date.now() - began) / 1000 + 2];
      assert.ok(idleFor > least && idleFor < most, `idle for ${idleFor}, not ${least} to ${most} s`);
      reads += 1;
      await sleep(1_000);
      asked = Date.now();
    }
    await isOver;
    assert.ok(reads > 10, `read ${reads} times only`);
    const { FinishedAt } = (await host.client.getContainer(idle).inspect()).State;
    const took = Date.parse(FinishedAt) - began;
    assert.ok(took >= minute - 1_000, `expired after ${took} ms`);
    assert.ok(Date.parse(FinishedAt) - used < minute + 15_000, `expired after ${took} ms`);
    assert.equal((await backend.observe(idle))?.status, "expired");
    assert.deepEqual(await filesOf(host.client, idle), ["data"]);

    await Promise.all([work, visits]);
    assert.equal((await backend.observe(working))?.status, "running");
    assert.equal((await backend.observe(visited))?.status, "running");
  });

  it("stays expired, and can be deleted", async () => {
    assert.equal((await backend.observe(idle))?.status, "expired");
    await backend.delete(idle);
    assert.equal(await backend.observe(idle), undefined);
  });

  /** A sandbox that ends during the call reports nothing, so it is called again. */
  async function activity() {
    const first = await backend.activity(idle);
    return first?.lastActiveAt === undefined ? backend.activity(idle) : first;
  }
});
