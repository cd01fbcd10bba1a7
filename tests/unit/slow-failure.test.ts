import assert from "node:assert/strict";
import { forgetFailure } from "../../provider/backends/slow-failure";

describe("a failure", () => {
  it("is forgotten at once, unless it was long in coming", () => {
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
