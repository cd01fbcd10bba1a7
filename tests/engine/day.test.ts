import assert from "node:assert/strict";
import { type IdlePlace, idleHostedPlace } from "../support/idle-place";
import { assertLines } from "../support/lines";
import { Stack } from "../support/stack";
import { warned } from "../support/told";

describe("a day of five containers (hosted)", function () {
  this.timeout(180_000);
  let place: IdlePlace;
  let stack: Stack;

  function program(memoryLimit: string): Stack {
    const all = [
      ["idle", 1, "1g"],
      ["forgotten", 1, "1g"],
      ["removed", place.longest, "1g"],
      ["changed", place.longest, memoryLimit],
      ["untouched", place.longest, "1g"],
    ].map(
      ([of, minutes, limit]) =>
        `exports.${of} = new Container("${stack.prefix}-${of}", { memoryLimit: "${limit}", expiresAfter: { anchor: "last_active_at", minutes: ${minutes} }, ${place.args} }).id;`,
    );
    return stack.program(all.join("\n"));
  }

  before(async () => {
    place = await idleHostedPlace();
    stack = new Stack(place.env);
    program("1g").init();
  });
  after(() => stack.end(place.holder).finally(() => place.stop()));

  it("ends, after one plain up, with just the four replaced that expired, were removed or changed, and nothing to do for a second one", async () => {
    await stack.up();
    const before = stack.ids();
    const { idle = "", forgotten = "", removed = "", changed = "" } = before;
    await place.expired(idle, forgotten);
    await place.remove(removed);
    await place.use(changed);

    program("4g");
    const calm = new Stack(place.calm, stack);
    const text = await calm.up();
    assert.match(text, /\+-4 replaced\n +2 unchanged\n/);
    const expired = /expired \d+ (second|minute)s? ago \(terminated after 1 idle minute\): up replaces it with a new/
      .source;
    assertLines(warned(text), [
      new RegExp(`-changed: OC2006: container ${changed} is in use, last active .* ago: .*loses its files`),
      new RegExp(`-forgotten: OC2001: container ${forgotten} ${expired}`),
      new RegExp(`-idle: OC2001: container ${idle} ${expired}`),
      new RegExp(`-removed: OC2002: container ${removed} is gone: up replaces it with a new, empty container`),
    ]);

    const after = stack.ids();
    const kept = Object.keys(before).filter((of) => before[of] === after[of]);
    assert.deepEqual(kept, ["untouched"]);
    const there = (await place.inventory(stack.prefix)).sort();
    assert.deepEqual([there, there.length], [Object.values(after).sort(), 5]);
    await place.assertNothingBesides(stack.prefix, there);
    await calm.up("--expect-no-changes");
  });
});
