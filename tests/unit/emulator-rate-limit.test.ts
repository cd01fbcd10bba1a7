import assert from "node:assert/strict";
import { ManualClock } from "../../sdk/emulator";
import { ApiError } from "../../sdk/emulator/http/api-error";
import { RateLimit } from "../../sdk/emulator/http/rate-limit";

/** Sends a request: `accepted`, or the seconds of `Retry-After`. */
function limiter(perMinute: number) {
  const clock = new ManualClock();
  const limit = new RateLimit(perMinute);
  const send = (organization = "org-a"): string => {
    try {
      limit.admit(organization, clock.now());
      return "accepted";
    } catch (error) {
      assert.ok(error instanceof ApiError);
      assert.deepEqual([error.status, error.type, error.code], [429, "requests", "rate_limit_exceeded"]);
      return error.headers["retry-after"] ?? "no header";
    }
  };
  return { clock, send };
}

describe("the emulator's rate limit", () => {
  it("accepts the given number of requests, and one more a minute after the first", () => {
    const { clock, send } = limiter(2);
    assert.equal(send(), "accepted");
    clock.advance(10_000);
    assert.equal(send(), "accepted");
    assert.equal(send(), "50");
    clock.advance(49_999);
    assert.equal(send(), "1");
    clock.advance(1);
    assert.equal(send(), "accepted");
    assert.equal(send(), "10");
  });

  it("does not count rejected requests", () => {
    const { clock, send } = limiter(1);
    send();
    for (let second = 0; second < 59; second += 1) {
      clock.advance(1000);
      assert.equal(send(), String(59 - second));
    }
    clock.advance(1000);
    assert.equal(send(), "accepted");
  });

  it("holds in every window of 60 seconds over thousands of requests", () => {
    const { clock, send } = limiter(5);
    const accepted: number[] = [];
    for (let turn = 0; turn < 2000; turn += 1) {
      clock.advance((turn * 7919) % 9000);
      if (send() === "accepted") accepted.push(clock.now());
    }
    assert.ok(accepted.length > 500, `${accepted.length} accepted`);
    for (const [index, time] of accepted.entries()) {
      const sixth = accepted[index + 5];
      assert.ok(sixth === undefined || sixth - time >= 60_000, `six in ${sixth} - ${time} ms`);
    }
  });

  it("counts each organization separately", () => {
    const { send } = limiter(1);
    assert.equal(send("org-a"), "accepted");
    assert.equal(send("org-b"), "accepted");
    assert.equal(send("org-a"), "60");
  });
});
