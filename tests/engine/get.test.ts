import assert from "node:assert/strict";
import type Docker from "dockerode";
import { engine, image } from "../support/docker";
import { canGet, Stack } from "../support/stack";

describe("Container.get (SDK 3.268 or newer)", function () {
  this.timeout(120_000);
  const owner = new Stack();
  const reader = new Stack();
  let client: Docker;
  let id: string;

  before(async function () {
    if (!canGet) this.skip();
    ({ client } = await engine());
    owner
      .program(
        `new Container("box", { name: "${owner.prefix}", memoryLimit: "4g", backend: "docker", docker: { image: "${image}" } });`,
      )
      .init();
    await owner.up();
    id = owner.container().id ?? "";
    reader.program("").init();
  });
  after(async () => {
    if (!canGet) return;
    await reader.end(client);
    await owner.end(client);
  });

  const get = (of: string) =>
    reader.program(
      `const got = Container.get("got", "${of}", { backend: "docker" }, {});
       exports.all = pulumi.all([got.id, got.name, got.memoryLimit, got.status, got.backend, got.createdAt, got.docker]);
       exports.byDefault = Container.get("by-default", "${of}").id;`,
    );

  it("reads a container of another stack, also on the default backend, and never deletes it", async () => {
    reader.configure("openai-containers:backend", "docker");
    get(id);
    await reader.up();
    const { all, byDefault } = reader.outputs();
    const { createdAt } = owner.container().outputs;
    assert.deepEqual(all, [id, owner.prefix, "4g", "running", "docker", createdAt, { image }]);
    assert.equal(byDefault, id);
    await reader.up("--expect-no-changes");
    await reader.destroy();
    assert.equal((await client.getContainer(id).inspect()).State.Running, true);
  });

  for (const [title, id] of [
    ["an empty string", '""'],
    ["undefined", "undefined"],
    ["an Output of an empty string", 'pulumi.output("")'],
    ["an Output of undefined", "pulumi.output(undefined)"],
    ["a Promise of an empty string", 'Promise.resolve("")'],
  ] as const) {
    it(`fails in a preview for an id that is ${title}, and creates nothing`, async () => {
      const { code, text } = await reader
        .program(`Container.get("got", ${id}, { backend: "docker" });`)
        .run(["preview"]);
      assert.notEqual(code, 0, text);
      assert.match(text, /error: OC4013: Container got: Container\.get needs the id of a container, and got none\. /);
      assert.doesNotMatch(text, /\n\s+at /);
      assert.doesNotMatch(text, /\+.*openai-containers:Container.*create/);
    });
  }

  it("fails in a preview for a container that does not exist", async () => {
    const { code, text } = await get(`cntr_${"0".repeat(48)}`).run(["preview"]);
    assert.notEqual(code, 0);
    assert.match(text, /OC2011: There is no container cntr_0{48} at docker:.*\. Correct the id/);
    assert.doesNotMatch(text, /\n\s+at /);
  });
});
