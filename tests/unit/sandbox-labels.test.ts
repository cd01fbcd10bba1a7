import assert from "node:assert/strict";
import fc from "fast-check";
import { hasGateway, labelledAllowList, sandboxLabels } from "../../provider/backends/docker/sandbox/labels";

describe("the labels of a sandbox", () => {
  it("have names and forms that later releases read", () => {
    const placeholders = new Map([
      ["TOKEN", "placeholder-1"],
      ["KEY", "placeholder-2"],
    ]);
    assert.deepEqual(
      sandboxLabels(
        "reports",
        20,
        { image: "alpine:3" },
        { allowedDomains: ["a.example.com", "b.example.com"], placeholders },
      ),
      {
        "openai-containers.name": "reports",
        "openai-containers.expires-after-minutes": "20",
        "openai-containers.image": "alpine:3",
        "openai-containers.allow-list": "",
        "openai-containers.allowed-domains": "a.example.com,b.example.com",
        "openai-containers.placeholders": "TOKEN=placeholder-1,KEY=placeholder-2",
      },
    );
  });

  it("have no allow list for a sandbox without one", () => {
    const labels = sandboxLabels("reports", 20, { image: "alpine:3" });
    assert.equal(hasGateway(labels), false);
    assert.equal(labelledAllowList(labels), undefined);
  });

  it("give back every allow list that was written into them", () => {
    const allowList = fc.record(
      {
        allowedDomains: fc.uniqueArray(fc.stringMatching(/^[a-z\d-]{1,9}(\.[a-z]{1,9}){1,3}$/), { minLength: 1 }),
        placeholders: fc
          .array(fc.tuple(fc.stringMatching(/^[A-Za-z_]\w{0,9}$/), fc.stringMatching(/^placeholder-[\da-f]{32}$/)))
          .map((pairs) => new Map(pairs)),
      },
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(allowList, (written) => {
        assert.deepEqual(labelledAllowList(sandboxLabels("reports", 20, { image: "alpine:3" }, written)), written);
      }),
    );
  });
});
