import assert from "node:assert/strict";
import { forgetFailure } from "../../provider/backends/cached-failure";

describe("forgetFailure", () => {
  it("forgets a failure at once, unless it took long", () => {
    let forgotten = 0;
    const forget = () => {
      forgotten++;
    };
    forgetFailure(performance.now(), forget);
    assert.equal(forgotten, 1);
    forgetFailure(performance.now() - 1_500, forget);
    assert.equal(forgotten, 1);
  });
});
