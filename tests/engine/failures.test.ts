import assert from "node:assert/strict";
import { containersNamed, engine } from "../support/docker";
import { startRegistry } from "../support/registry";
import { Stack } from "../support/stack";

describe("creates that fail", function () {
  this.timeout(300_000);

  it("show the progress of an image pull, report cause and remedy in two sentences, and leave nothing in state or on the engine", async () => {
    const { client } = await engine();
    const stack = new Stack();
    const registry = await startRegistry({ layers: "slowly" });
    const box = (name: string, image: string) =>
      `new Container("${name}", { name: "${stack.prefix}-${name}", backend: "docker", docker: { image: "${image}" } });`;
    try {
      stack.program(box("none", "127.0.0.1:1/none:never") + box("slow", registry.image)).init();
      const { code, text } = await stack.run(["up", "--yes", "--skip-preview"]);
      assert.notEqual(code, 0);
      assert.match(text, /Container slow creating \(\d+s\) pulling 127\.0\.0\.1:\d+\/\S+ [1-9]\d? %/);
      assert.match(
        text,
        /OC2606: .* the registry 127\.0\.0\.1:1, so it cannot pull "127\.0\.0\.1:1\/none:never": .*\. Correct docker\.image/,
      );
      assert.match(text, /OC2216: .* has no shell/);
      assert.doesNotMatch(text, /\n\s+at /);
      assert.deepEqual(stack.containers(), []);
      assert.deepEqual(await containersNamed(client, stack.prefix), []);
    } finally {
      registry.stop();
      await client.getImage(registry.image).remove();
      await stack.end(client);
    }
  });
});
