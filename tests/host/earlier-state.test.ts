import assert from "node:assert/strict";
import { HostStack } from "../support/host/host-stack";
import { type TestBackend, testBackends } from "../support/test-backend";

const lacking = ["expiresAfter", "networkPolicy", "memoryLimit", "__urn", "__autoName", "location"];

for (const [name, open] of Object.entries(testBackends)) {
  describe(`state of an earlier release (${name})`, function () {
    this.timeout(180_000);
    let backend: TestBackend;
    let stack: HostStack;

    before(async () => {
      backend = await open();
      stack = new HostStack(backend.env);
      await stack.containers({ box: backend.arguments }).up();
      const { inputs, outputs } = stack.resources.get("box") ?? assert.fail();
      for (const side of [inputs, outputs]) for (const key of lacking) delete side[key];
    });
    after(() => stack.end(backend.holder).finally(() => backend.stop()));

    it("shows no change for missing fields, and a refresh adds those that the backend reports", async () => {
      assert.equal((await stack.up()).steps["box"]?.op, "same");
      const { steps, warnings } = await stack.refresh();
      const op = steps["box"]?.op;
      assert.deepEqual([op, warnings], ["update", []]);
      assert.equal(stack.resources.get("box")?.outputs["memoryLimit"], "1g");
      assert.equal((await stack.up()).steps["box"]?.op, "same");
    });
  });
}
