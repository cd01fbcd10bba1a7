import assert from "node:assert/strict";
import { HostStack } from "../support/host/host-stack";
import { type Place, places } from "../support/place";

const lacking = ["expiresAfter", "networkPolicy", "memoryLimit", "__urn", "__autoName", "location"];

for (const [name, open] of Object.entries(places)) {
  describe(`state that an earlier release wrote (${name})`, function () {
    this.timeout(60_000);
    let place: Place;
    let stack: HostStack;

    before(async () => {
      place = await open();
      stack = new HostStack(place.env);
      await stack.containers({ box: place.arguments }).up();
      const { inputs, outputs } = stack.resources.get("box") ?? assert.fail();
      for (const side of [inputs, outputs]) for (const key of lacking) delete side[key];
    });
    after(() => stack.end(place.holder).finally(() => place.stop()));

    it("shows no change for fields that it lacks, in up and refresh, which adds what the backend reports", async () => {
      assert.equal((await stack.up()).steps["box"]?.op, "same");
      const { steps, warnings } = await stack.refresh();
      const op = steps["box"]?.op;
      assert.deepEqual([op, warnings], ["update", []]);
      assert.equal(stack.resources.get("box")?.outputs["memoryLimit"], "1g");
      assert.equal((await stack.up()).steps["box"]?.op, "same");
    });
  });
}
