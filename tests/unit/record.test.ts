import assert from "node:assert/strict";
import { recordFrom } from "../../provider/model/record";

describe("the record of a container in state", () => {
  it("has the defaults of earlier releases where they recorded nothing", () => {
    assert.deepEqual(recordFrom({}), {
      memoryLimit: "1g",
      networkPolicy: { type: "disabled" },
      expiresAfter: { anchor: "last_active_at", minutes: 20 },
    });
  });

  it("keeps all of a policy of an unknown type", () => {
    const networkPolicy = { type: "open", ports: [443] };
    assert.deepEqual(recordFrom({ networkPolicy }).networkPolicy, networkPolicy);
  });
});
