import assert from "node:assert/strict";
import { HostStack } from "../support/host/host-stack";
import { idleDockerPlace } from "../support/idle-place";
import { assertLines } from "../support/lines";

describe("a day of five containers (docker)", function () {
  this.timeout(60_000);
  let place: Awaited<ReturnType<typeof idleDockerPlace>>;
  let stack: HostStack;

  function program(memoryLimit: string): HostStack {
    const of = (minutes: number, limit = "1g") => ({
      ...place.arguments,
      memoryLimit: limit,
      expiresAfter: { anchor: "last_active_at", minutes },
    });
    return stack.containers({
      idle: of(1),
      forgotten: of(1),
      removed: of(place.longest),
      changed: of(place.longest, memoryLimit),
      untouched: of(place.longest),
    });
  }

  before(async () => {
    place = await idleDockerPlace();
    stack = new HostStack(place.env);
  });
  after(() => stack.end(place.holder).finally(() => place.stop()));

  it("ends, after one up, with just the four replaced that expired, were removed or changed, and none in a second one", async () => {
    await program("1g").up();
    const old = new Map([...stack.resources].map(([name, { id }]) => [name, id]));
    await place.expired(stack.idOf("idle"), stack.idOf("forgotten"));
    await place.remove(stack.idOf("removed"));
    await place.use(stack.idOf("changed"));

    stack.env = place.calm;
    const { steps, warnings } = await program("4g").up();
    const gone = { op: "replace", changed: [] };
    assert.deepEqual(steps, {
      idle: { ...gone, reasons: ["expired"] },
      forgotten: { ...gone, reasons: ["expired"] },
      removed: { ...gone, reasons: ["gone"] },
      changed: { op: "replace", reasons: ["memoryLimit"], changed: ["memoryLimit"] },
      untouched: { op: "same", reasons: [], changed: [] },
    });
    assertLines(warnings, [
      new RegExp(`^changed: OC2006: container ${old.get("changed")} is in use, last active .* ago`),
      new RegExp(`^forgotten: OC2001: container ${old.get("forgotten")} expired .* ago`),
      new RegExp(`^idle: OC2001: container ${old.get("idle")} expired .* ago`),
      new RegExp(`^removed: OC2002: container ${old.get("removed")} is gone`),
    ]);
    const now = [...stack.resources.values()].map(({ id }) => id);
    assert.deepEqual((await place.inventory(stack.prefix)).sort(), now.sort());
    await place.assertNothingBesides(stack.prefix, now);
    const again = await stack.up();
    assert.deepEqual(new Set(Object.values(again.steps).map(({ op }) => op)), new Set(["same"]));
  });
});
