import assert from "node:assert/strict";
import { ManualClock } from "../../sdk/emulator";
import { ApiError } from "../../sdk/emulator/api-error";
import { RateLimit } from "../../sdk/emulator/rate-limit";

/** What became of a request: accepted, or the seconds after which to come again. */
function taker(perMinute: number) {
  const clock = new ManualClock();
  const limit = new RateLimit(perMinute);
  const take = (organization = "org-a"): string => {
    try {
      limit.take(organization, clock.now());
      return "accepted";
    } catch (error) {
      assert.ok(error instanceof ApiError);
      assert.deepEqual([error.status, error.type, error.code], [429, "requests", "rate_limit_exceeded"]);
      return error.headers["retry-after"] ?? "no header";
    }
  };
  return { clock, take };
}

describe("the emulator's rate limit", () => {
  it("accepts so many, and again when a minute has passed since the first", () => {
    const { clock, take } = taker(2);
    assert.equal(take(), "accepted");
    clock.advance(10_000);
    assert.equal(take(), "accepted");
    assert.equal(take(), "50");
    clock.advance(49_999);
    assert.equal(take(), "1");
    clock.advance(1);
    assert.equal(take(), "accepted");
    assert.equal(take(), "10");
  });

  it("does not count what it refuses", () => {
    const { clock, take } = taker(1);
    take();
    for (let second = 0; second < 59; second += 1) {
      clock.advance(1000);
      assert.equal(take(), String(59 - second));
    }
    clock.advance(1000);
    assert.equal(take(), "accepted");
  });

  it("holds in any 60 seconds, however long it runs", () => {
    const { clock, take } = taker(5);
    const accepted: number[] = [];
    for (let turn = 0; turn < 2000; turn += 1) {
      clock.advance((turn * 7919) % 9000);
      if (take() === "accepted") accepted.push(clock.now());
    }
    assert.ok(accepted.length > 500, `${accepted.length} accepted`);
    for (const [index, time] of accepted.entries()) {
      const sixth = accepted[index + 5];
      assert.ok(sixth === undefined || sixth - time >= 60_000, `six in ${sixth} - ${time} ms`);
    }
  });

  it("counts each organisation by itself", () => {
    const { take } = taker(1);
    assert.equal(take("org-a"), "accepted");
    assert.equal(take("org-b"), "accepted");
    assert.equal(take("org-a"), "60");
  });
});
