import assert from "node:assert/strict";
import type Docker from "dockerode";
import { containersNamed, engine, image } from "../support/docker";
import { slowRegistry } from "../support/registry";
import { Stack } from "../support/stack";

const box = (name: string, of = image) =>
  `new Container("box", { name: "${name}", backend: "docker", docker: { image: "${of}" } });`;

describe("a create that fails", function () {
  this.timeout(120_000);
  const stack = new Stack();
  let client: Docker;

  before(async () => {
    ({ client } = await engine());
    stack.program("").init();
  });
  after(() => stack.end(client));

  it("reports the cause and the remedy in two sentences, and leaves nothing in state or on the engine", async () => {
    const { code, text } = await stack
      .program(box(stack.prefix, "openai-containers-test/none:never"))
      .run(["up", "--yes", "--skip-preview"]);
    assert.notEqual(code, 0);
    assert.match(
      text,
      /OC2218: Cannot pull the image "openai-containers-test\/none:never" .* Set docker\.image to an image that `docker images` lists/,
    );
    assert.doesNotMatch(text, /\n\s+at /);
    assert.deepEqual(stack.containers(), []);
    assert.deepEqual(await containersNamed(client, stack.prefix), []);
  });

  it("has shown the progress of the image pull in the resource's row", async () => {
    const registry = await slowRegistry(`${stack.prefix}-slow`);
    try {
      const { text } = await stack.program(box(stack.prefix, registry.image)).run(["up", "--yes", "--skip-preview"]);
      assert.match(text, /Container box creating \(\d+s\) pulling 127\.0\.0\.1:\d+\/\S+-slow [1-9]\d? %/);
      assert.match(text, /OC2216: .* has no shell/);
      assert.deepEqual(await containersNamed(client, stack.prefix), []);
    } finally {
      registry.stop();
      await client.getImage(registry.image).remove();
    }
  });

  it("succeeds in the next up once its argument is corrected", async () => {
    await stack.program(box(stack.prefix)).up();
    assert.equal(stack.container().outputs["status"], "running");
  });
});
