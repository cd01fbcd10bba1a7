import assert from "node:assert/strict";
import { idleDockerPlace, idleHostedPlace } from "../support/idle-place";
import { Stack } from "../support/stack";
import { previewed } from "../support/told";

describe("looking at containers of the hosted API", function () {
  this.timeout(180_000);
  let place: Awaited<ReturnType<typeof idleHostedPlace>>;
  let stack: Stack;
  const program = (memoryLimit: string) =>
    stack.program(`for (const at of [1, 2, 3]) new Container("box-" + at, { memoryLimit: "${memoryLimit}" });`);

  before(async () => {
    place = await idleHostedPlace();
    stack = new Stack(place.env);
    await program("1g").init();
    await stack.up();
  });
  after(() => stack.end(place.holder).finally(() => place.stop()));

  it("asks for lists only, and is no use of them", async () => {
    const used = () => place.emulator.containers().map(({ id, last_active_at: time }) => [id, time]);
    place.clock.advance(60_000);
    for (const { id } of place.emulator.containers()) await place.use(id);
    const before = used();
    place.clock.advance(60_000);
    place.requests();
    await stack.up("--expect-no-changes");
    await stack.ok("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    assert.equal(previewed(await program("4g").preview()).length, 3);
    assert.deepEqual(place.requests(), ["GET /containers", "GET /containers", "GET /containers"]);
    assert.deepEqual(used(), before);
  });

  it("finds those not in use that nobody has used for more than five minutes", async () => {
    place.clock.advance(5 * 60_000);
    const preview = await program("4g").preview();
    assert.deepEqual(previewed(preview), []);
    assert.equal(preview.steps.filter(({ op }) => op === "replace").length, 3);
    program("1g");
  });
});

describe("looking at a sandbox on Docker", function () {
  this.timeout(180_000);
  const minute = 12; // seconds
  const pause = 1; // second: how often its watchdog looks, then
  const slack = 5; // seconds, for a host that is busy

  it("does not keep it from its end", async () => {
    const place = await idleDockerPlace(minute);
    const stack = new Stack(place.env);
    const program = (memoryLimit: string) =>
      stack.program(
        `exports.id = new Container("${stack.prefix}", { memoryLimit: "${memoryLimit}", expiresAfter: { anchor: "last_active_at", minutes: 1 }, ${place.args} }).id;`,
      );
    try {
      await program("1g").init();
      await stack.up();
      const id = (await stack.ok("stack", "output", "id")).trim();
      let hasEnded = false;
      const end = place.expired(id).then(() => {
        hasEnded = true;
      });
      // A change asks for the time of its last use, too.
      program("4g");
      let looks = 0;
      for (; !hasEnded; looks += 2) {
        await stack.ok("preview");
        await stack.ok("refresh", "--preview-only");
      }
      await end;
      const { State } = await place.client.getContainer(id).inspect();
      const took = (Date.parse(State.FinishedAt) - Date.parse(State.StartedAt)) / 1000;
      assert.ok(took < minute + pause + slack, `it lived for ${took} s, while it was looked at ${looks} times`);
    } finally {
      await stack.end(place.holder).finally(() => place.stop());
    }
  });
});
