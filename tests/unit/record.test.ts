import assert from "node:assert/strict";
import { recordFrom } from "../../provider/model/record";

describe("what state holds of a container", () => {
  it("is what an earlier release took for granted, where it recorded nothing", () => {
    assert.deepEqual(recordFrom({}), {
      memoryLimit: "1g",
      networkPolicy: { type: "disabled" },
      expiresAfter: { anchor: "last_active_at", minutes: 20 },
    });
  });

  it("keeps all of a policy that is of no kind known here", () => {
    const networkPolicy = { type: "open", ports: [443] };
    assert.deepEqual(recordFrom({ networkPolicy }).networkPolicy, networkPolicy);
  });
});
