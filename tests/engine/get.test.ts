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
    await owner
      .program(
        `new Container("box", { name: "${owner.prefix}", memoryLimit: "4g", backend: "docker", docker: { image: "${image}" } });`,
      )
      .init();
    await owner.up();
    id = (await owner.container()).id ?? "";
    await reader.program("").init();
  });
  after(async () => {
    if (!canGet) return;
    await reader.end(client);
    await owner.end(client);
  });

  const get = (of: string, state: string) =>
    reader.program(
      `const got = Container.get("got", "${of}", ${state}, {});
       exports.told = pulumi.all([got.id, got.name, got.memoryLimit, got.status, got.backend, got.createdAt, got.docker]);`,
    );

  it("reads a container of another stack, each time anew, and never deletes it", async () => {
    get(id, '{ backend: "docker" }');
    await reader.up();
    const [gotId, name, memoryLimit, status, backend, createdAt, docker] = JSON.parse(
      await reader.ok("stack", "output", "told", "--json"),
    );
    assert.deepEqual(
      [gotId, name, memoryLimit, status, backend, docker],
      [id, owner.prefix, "4g", "running", "docker", { image }],
    );
    assert.equal(createdAt, (await owner.container()).outputs["createdAt"]);
    await reader.up("--expect-no-changes");
    await reader.ok("destroy", "--yes", "--skip-preview");
    assert.equal((await client.getContainer(id).inspect()).State.Running, true);
  });

  it("takes the stack's default backend", async () => {
    await reader.ok("config", "set", "openai-containers:backend", "docker");
    get(id, "undefined");
    await reader.up();
    await reader.ok("destroy", "--yes", "--skip-preview");
  });

  it("fails, at preview, for a container that is not there", async () => {
    const { code, text } = await get(`cntr_${"0".repeat(48)}`, '{ backend: "docker" }').run(["preview"]);
    assert.notEqual(code, 0);
    assert.match(text, /There is no container cntr_0{48} at docker:.*\. Correct the id/);
    assert.doesNotMatch(text, /\n\s+at /);
  });
});
