import assert from "node:assert/strict";
import { ManualClock, scaledClock } from "../../sdk/emulator";
import { AdjustableClock } from "../../sdk/emulator/clock";

describe("the emulator's clocks", () => {
  it("reject a step back, which would revive expired containers", () => {
    const manual = new ManualClock(1000);
    manual.advance(500);
    assert.equal(manual.now(), 1500);
    const adjusted = new AdjustableClock(manual);
    adjusted.advance(60_000);
    assert.equal(adjusted.now(), 61_500);
    for (const clock of [manual, adjusted]) {
      for (const step of [-1, Number.NaN]) assert.throws(() => clock.advance(step), RangeError);
    }
    assert.deepEqual([manual.now(), adjusted.now()], [1500, 61_500]);
  });

  it("reject a step past the year 9999, which no date of a container could show", () => {
    for (const clock of [new ManualClock(1000), new AdjustableClock(new ManualClock(1000))]) {
      for (const step of [1e99, Number.POSITIVE_INFINITY, Date.UTC(10_000, 0) - 1000])
        assert.throws(() => clock.advance(step), /RangeError: .*year 9999/);
      assert.equal(clock.now(), 1000);
      clock.advance(Date.UTC(9999, 0) - 1000);
      assert.throws(() => clock.advance(366 * 86_400_000), RangeError);
      clock.advance(0);
    }
  });

  it("run at the given scale", () => {
    const clock = scaledClock(1_000_000);
    const first = clock.now();
    const startedAt = performance.now();
    while (performance.now() - startedAt < 2);
    const elapsed = clock.now() - first; // of more than the two milliseconds, as it began before them
    assert.ok(elapsed >= 2_000_000, `${elapsed} ms`);
    const offBy = Math.abs(scaledClock(1).now() - Date.now());
    assert.ok(offBy < 1000, `${offBy} ms off`);
  });
});
