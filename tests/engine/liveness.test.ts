import assert from "node:assert/strict";
import { type IdlePlace, idlePlaces } from "../support/idle-place";
import { Stack } from "../support/stack";
import { previewed } from "../support/told";

for (const [name, open] of Object.entries(idlePlaces)) {
  describe(`a stack that does not look at what became of its containers (${name})`, function () {
    this.timeout(120_000);
    let place: IdlePlace;
    let stack: Stack;

    const program = (memoryLimit: string) =>
      stack.program(
        `exports.id = new Container("${stack.prefix}", { memoryLimit: "${memoryLimit}", expiresAfter: { anchor: "last_active_at", minutes: 1 }, ${place.args} }).id;`,
      );

    before(async () => {
      place = await open();
      stack = new Stack(place.env);
      await program("1g").init();
      await stack.up();
      await place.expired((await stack.ok("stack", "output", "id")).trim());
      await stack.ok("config", "set", "openai-containers:liveness", "false");
    });
    after(() => stack.end(place.holder).finally(() => place.stop()));

    it("shows no change of one that has expired, and asks the backend nothing", async () => {
      place.requests();
      const preview = await stack.preview();
      assert.deepEqual(
        preview.steps.map(({ op }) => op),
        ["same"],
      );
      assert.deepEqual(previewed(preview), []);
      assert.deepEqual(place.requests(), []);
    });

    it("shows the replacement of one whose argument changed", async () => {
      program("4g");
      const preview = await stack.preview();
      const step = preview.steps.find(({ op }) => op === "replace");
      assert.deepEqual(
        [step?.replaceReasons, step?.detailedDiff],
        [["memoryLimit"], { memoryLimit: { kind: "update" } }],
      );
      assert.deepEqual(previewed(preview), []);
      assert.deepEqual(
        place.requests().filter((request) => request.includes("/containers")),
        [],
      );
      program("1g");
    });

    it("is told what the setting may be where it is neither true nor false", async () => {
      await stack.ok("config", "set", "openai-containers:liveness", "no");
      const { code, text } = await stack.run(["preview"]);
      assert.notEqual(code, 0);
      const summary = text.slice(text.indexOf("Diagnostics:"));
      assert.equal(summary.match(/openai-containers:liveness is "no"\. It must be true or false\./g)?.length, 1, text);
      assert.doesNotMatch(text, /\n\s+at /);
    });

    it("looks again where the setting is true", async () => {
      await stack.ok("config", "set", "openai-containers:liveness", "true");
      assert.equal(previewed(await stack.preview()).length, 1);
    });
  });
}
