import assert from "node:assert/strict";
import { engine, engineAt } from "../support/docker";
import { MovingRegistry } from "../support/docker-plugin/registry";
import { imageStack } from "../support/docker-plugin/stack";
import { SecondEngine } from "../support/second-engine";
import type { Stack } from "../support/stack";

describe("SandboxImage where there are two engines", function () {
  this.timeout(300_000);
  let registry: MovingRegistry;
  let second: SecondEngine;
  let stack: Stack;
  let first = "";
  const onFirst: string[] = [];

  /** @param options of the component, in a program with a `docker.Provider` for the first engine */
  function program(reference: string, dockerHost: string, options = ""): void {
    const { address, username, password } = registry;
    const registryAuth = JSON.stringify([{ address, username, password }]);
    stack.program(`
      const docker = require("@pulumi/docker");
      const { SandboxImage } = require("pulumi-openai-containers/docker");
      const mine = new docker.Provider("mine", { host: "${first}", registryAuth: ${registryAuth} });
      const args = { reference: "${reference}", dockerHost: "${dockerHost}" };
      exports.id = new SandboxImage("tools", ${options || `{ ...args, registryAuth: ${registryAuth} }`}).imageId;`);
  }

  before(async function () {
    if (!SecondEngine.canStart) this.skip();
    first = (await engine()).address;
    second = await SecondEngine.start();
    stack = imageStack();
    registry = await MovingRegistry.start(stack.prefix);
  });
  after(async () => {
    if (!second) return;
    registry.stop();
    const { client } = await engine();
    for (const reference of onFirst) await client.getImage(reference).remove();
    await stack.end({ containers: () => [] }); // there were none
    await second.stop();
  });

  it("is pulled by the engine that dockerHost names, and again by another one when that changes", async () => {
    const digest = await registry.move("first");
    onFirst.push(`${registry.image}@${digest}`);
    for (const [host, present] of [
      [first, [true, false]],
      [second.host, [true, true]],
    ] as const) {
      program(`${registry.image}:1`, host);
      await stack.up();
      const id = stack.ids()["id"] ?? "";
      const engines = await Promise.all([first, second.host].map(engineAt));
      const found = engines.map(({ client }) =>
        client
          .getImage(id)
          .inspect()
          .then(
            () => true,
            () => false,
          ),
      );
      assert.deepEqual(await Promise.all(found), present);
    }
  });

  it("fails where the program's docker.Provider uses another engine than the sandboxes, and names both", async () => {
    const digest = await registry.move("second");
    onFirst.push(`${registry.image}@${digest}`);
    program(`${registry.image}@${digest}`, second.host, "args, { provider: mine }");
    const { code, text } = await stack.run(["up", "--yes", "--skip-preview"]);
    assert.notEqual(code, 0);
    const absent = `OC4108: SandboxImage tools: the Docker engine of the sandboxes, ${second.host}, does not have the image`;
    assert.ok(text.includes(`${absent} ${registry.image}@${digest} (sha256:`), text);
    assert.ok(
      text.includes(`the docker.Provider of the program uses ${first}. Set its host to ${second.host}, `),
      text,
    );
    assert.doesNotMatch(text, /^\s+at /m);
  });
});
