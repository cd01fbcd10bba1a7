import assert from "node:assert/strict";
import { expiringDockerBackend, expiringHostedBackend } from "../support/expiring-backend";
import { HostStack } from "../support/host/host-stack";
import { assertLines } from "../support/lines";

describe("reading live state of the hosted API", function () {
  this.timeout(180_000);
  let backend: Awaited<ReturnType<typeof expiringHostedBackend>>;
  let stack: HostStack;
  const program = (memoryLimit: string) =>
    stack.containers({ one: { memoryLimit }, two: { memoryLimit }, three: { memoryLimit } });

  before(async () => {
    backend = await expiringHostedBackend();
    stack = new HostStack(backend.env);
    await program("1g").up();
  });
  after(() => stack.end(backend.holder).finally(() => backend.stop()));

  it("takes one list request for each run, and does not count as use of a container", async () => {
    const used = () => backend.emulator.containers().map(({ id, last_active_at: time }) => [id, time]);
    backend.clock.advance(60_000);
    for (const { id } of backend.emulator.containers()) await backend.use(id);
    const before = used();
    backend.clock.advance(60_000);
    backend.requests();
    const same = { op: "same", reasons: [], changed: [] };
    for (const { steps } of [await program("1g").up(), await stack.refresh()]) {
      assert.deepEqual(steps, { one: same, two: same, three: same });
    }
    const inUse = ["one", "three", "two"].map(
      (name) => new RegExp(`^${name}: OC2006: container .* is in use, last active`),
    );
    assertLines((await program("4g").preview()).warnings, inUse);
    assert.deepEqual(backend.requests(), ["GET /containers", "GET /containers", "GET /containers"]);
    assert.deepEqual(used(), before);
  });

  it("takes containers whose last use is more than five minutes ago as not in use", async () => {
    backend.clock.advance(5 * 60_000);
    const { steps, warnings } = await program("4g").preview();
    assert.deepEqual(warnings, []);
    assert.deepEqual(new Set(Object.values(steps).map(({ op }) => op)), new Set(["replace"]));
  });
});

describe("reading live state of a sandbox on Docker", function () {
  this.timeout(180_000);
  const minute = 12; // seconds

  it("does not prolong its life", async () => {
    const backend = await expiringDockerBackend(minute);
    const stack = new HostStack(backend.env);
    const expiresAfter = { anchor: "last_active_at", minutes: 1 };
    const program = (memoryLimit: string) =>
      stack.containers({ box: { ...backend.arguments, memoryLimit, expiresAfter } });
    await program("1g").up();
    const id = stack.idOf("box");
    try {
      let hasEnded = false;
      const end = backend.expired(id).then(() => {
        hasEnded = true;
      });
      // With a change, diff reads the time of the last use too.
      program("4g");
      const reads: { start: number; end: number }[] = [];
      while (!hasEnded) {
        const start = Date.now();
        await stack.preview();
        await stack.refresh();
        reads.push({ start, end: Date.now() });
      }
      await end;
      const ended = Date.parse((await backend.client.getContainer(id).inspect()).State.FinishedAt);
      const last = reads.findLast((read) => read.end < ended) ?? assert.fail("it was not read before its end");
      assert.ok(ended < last.start + minute * 1000, `it ended a minute after read ${reads.indexOf(last)}`);
    } finally {
      await backend.remove(id); // a refresh forgets it
      await stack.end(backend.holder).finally(() => backend.stop());
    }
  });
});
