import assert from "node:assert/strict";
import { HostStack } from "../support/host/host-stack";
import { idleDockerPlace, idleHostedPlace } from "../support/idle-place";
import { assertLines } from "../support/lines";

describe("reading live state of the hosted API", function () {
  this.timeout(60_000);
  let place: Awaited<ReturnType<typeof idleHostedPlace>>;
  let stack: HostStack;
  const program = (memoryLimit: string) =>
    stack.containers({ one: { memoryLimit }, two: { memoryLimit }, three: { memoryLimit } });

  before(async () => {
    place = await idleHostedPlace();
    stack = new HostStack(place.env);
    await program("1g").up();
  });
  after(() => stack.end(place.holder).finally(() => place.stop()));

  it("takes one list a run, and is no use of a container", async () => {
    const used = () => place.emulator.containers().map(({ id, last_active_at: time }) => [id, time]);
    place.clock.advance(60_000);
    for (const { id } of place.emulator.containers()) await place.use(id);
    const before = used();
    place.clock.advance(60_000);
    place.requests();
    const same = { op: "same", reasons: [], changed: [] };
    for (const { steps } of [await program("1g").up(), await stack.refresh()]) {
      assert.deepEqual(steps, { one: same, two: same, three: same });
    }
    const inUse = ["one", "three", "two"].map(
      (name) => new RegExp(`^${name}: OC2006: container .* is in use, last active`),
    );
    assertLines((await program("4g").preview()).warnings, inUse);
    assert.deepEqual(place.requests(), ["GET /containers", "GET /containers", "GET /containers"]);
    assert.deepEqual(used(), before);
  });

  it("finds containers not in use that nobody has used for more than five minutes", async () => {
    place.clock.advance(5 * 60_000);
    const { steps, warnings } = await program("4g").preview();
    assert.deepEqual(warnings, []);
    assert.deepEqual(new Set(Object.values(steps).map(({ op }) => op)), new Set(["replace"]));
  });
});

describe("reading live state of a sandbox on Docker", function () {
  this.timeout(120_000);
  const minute = 12; // seconds

  it("does not keep it from its end", async () => {
    const place = await idleDockerPlace(minute);
    const stack = new HostStack(place.env);
    const expiresAfter = { anchor: "last_active_at", minutes: 1 };
    const program = (memoryLimit: string) =>
      stack.containers({ box: { ...place.arguments, memoryLimit, expiresAfter } });
    await program("1g").up();
    const id = stack.idOf("box");
    try {
      let hasEnded = false;
      const end = place.expired(id).then(() => {
        hasEnded = true;
      });
      // A change asks for the time of its last use, too.
      program("4g");
      const reads: { start: number; end: number }[] = [];
      while (!hasEnded) {
        const start = Date.now();
        await stack.preview();
        await stack.refresh();
        reads.push({ start, end: Date.now() });
      }
      await end;
      const ended = Date.parse((await place.client.getContainer(id).inspect()).State.FinishedAt);
      const last = reads.findLast((read) => read.end < ended) ?? assert.fail("it was not read before its end");
      assert.ok(ended < last.start + minute * 1000, `it ended a minute after read ${reads.indexOf(last)}`);
    } finally {
      await place.remove(id); // a refresh forgets it
      await stack.end(place.holder).finally(() => place.stop());
    }
  });
});
