import assert from "node:assert/strict";
import type Docker from "dockerode";
import { containersNamed, engine, image } from "../support/docker";
import { slowRegistry } from "../support/registry";
import { SecondEngine } from "../support/second-engine";
import { Stack } from "../support/stack";

const box = (name: string, of = image) =>
  `new Container("box", { name: "${name}", backend: "docker", docker: { image: "${of}" } });`;

describe("a create that fails", function () {
  this.timeout(120_000);
  const stack = new Stack();
  let client: Docker;

  before(async () => {
    ({ client } = await engine());
    await stack.program("").init();
  });
  after(() => stack.end(client));

  it("says in one sentence what and in one what to do, and leaves nothing in state or on the engine", async () => {
    const { code, text } = await stack
      .program(box(stack.prefix, "openai-containers-test/none:never"))
      .run(["up", "--yes", "--skip-preview"]);
    assert.notEqual(code, 0);
    assert.match(
      text,
      /OC2218: Cannot pull the image "openai-containers-test\/none:never" .* Set docker\.image to an image that `docker images` lists/,
    );
    assert.doesNotMatch(text, /\n\s+at /);
    await assert.rejects(stack.container(), /0 containers in state/);
    assert.deepEqual(await containersNamed(client, stack.prefix), []);
  });

  it("has shown, at the resource, how far the pull of its image had come", async () => {
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

  it("is made good by the next up", async () => {
    await stack.program(box(stack.prefix)).up();
    assert.equal((await stack.container()).outputs["status"], "running");
  });
});

describe("an engine that is not the container's", function () {
  this.timeout(120_000);
  const nowhere = "unix:///tmp/openai-containers-test-none.sock";
  const stack = new Stack();
  const elsewhere = new Stack({ DOCKER_HOST: nowhere }, stack);
  let client: Docker;

  before(async () => {
    ({ client } = await engine());
    await stack.program(box(stack.prefix)).init();
    await stack.up();
  });
  after(() => stack.end(client));

  it("cannot be reached: a preview says that it did not look, and goes on", async () => {
    const { steps, diagnostics } = await elsewhere.preview();
    assert.deepEqual([...new Set(steps.map(({ op }) => op))], ["same"]);
    assert.ok(
      diagnostics.some(({ message }) =>
        /skipped the liveness check: OC2202: There is no Docker engine at unix:.* \(from DOCKER_HOST\)/.test(message),
      ),
    );
  });

  it("cannot be reached: refresh, replacement and destroy fail, and nothing is forgotten", async () => {
    const before = await stack.container();
    for (const command of [["refresh"], ["up", "--replace", before.urn], ["destroy"]]) {
      const { code, text } = await elsewhere.run([...command, "--yes", "--skip-preview"]);
      assert.notEqual(code, 0, command.join(" "));
      assert.match(text, /OC2202: There is no Docker engine at/);
      assert.doesNotMatch(text, /\n\s+at /);
    }
    assert.deepEqual(await stack.container(), before);
  });

  it("is another one: preview, refresh and destroy fail with the way out, and nothing is forgotten", async function () {
    if (!SecondEngine.canStart) this.skip(); // starting an engine takes root
    const other = await SecondEngine.start();
    try {
      const before = await stack.container();
      const wrong = new Stack({ DOCKER_HOST: other.host }, stack);
      for (const command of [
        ["preview"],
        ["refresh", "--yes", "--skip-preview"],
        ["destroy", "--yes", "--skip-preview"],
      ]) {
        const { code, text } = await wrong.run(command);
        assert.notEqual(code, 0, command.join(" "));
        assert.match(
          text,
          new RegExp(`Container ${before.id} lives at docker:.*, and this run looks at docker:.*pulumi state delete`),
        );
        assert.doesNotMatch(text, /\n\s+at /);
      }
      assert.deepEqual(await stack.container(), before);
      assert.deepEqual(await containersNamed(client, stack.prefix), [before.id]);
    } finally {
      await other.stop();
    }
  });

  it("is set in the stack's configuration, where the environment does not", async () => {
    await stack.ok("config", "set", "openai-containers:dockerHost", nowhere);
    const { diagnostics } = await stack.preview();
    assert.ok(diagnostics.some(({ message }) => message.includes(`${nowhere} (from openai-containers:dockerHost)`)));
    await stack.ok("config", "rm", "openai-containers:dockerHost");
    await stack.up("--expect-no-changes");
  });
});

describe("state that an earlier release wrote", function () {
  this.timeout(120_000);
  const stack = new Stack();
  let client: Docker;

  before(async () => {
    ({ client } = await engine());
    await stack.program(box(stack.prefix)).init();
    await stack.up();
  });
  after(() => stack.end(client));

  it("shows no change for fields that it lacks", async () => {
    await stack.edit((resource) => {
      for (const side of [resource.inputs, resource.outputs]) {
        for (const key of ["expiresAfter", "networkPolicy", "memoryLimit", "__urn", "__autoName", "location"])
          delete side[key];
      }
    });
    await stack.up("--expect-no-changes");
    await stack.ok("refresh", "--yes", "--skip-preview");
    await stack.up("--expect-no-changes");
    assert.equal((await stack.container()).outputs["memoryLimit"], "1g");
  });
});
