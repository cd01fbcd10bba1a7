import assert from "node:assert/strict";
import type Docker from "dockerode";
import { type Emulator, startEmulator } from "../../sdk/emulator";
import { engine, image } from "../support/docker";
import { HostStack } from "../support/host/host-stack";
import { key } from "../support/hosted";
import { canGet, Stack } from "../support/stack";

describe("Container.get (SDK 3.268 or newer)", function () {
  this.timeout(300_000);
  const owner = new HostStack({});
  let client: Docker;
  let emulator: Emulator;
  let reader: Stack;

  before(async function () {
    if (!canGet) this.skip();
    ({ client } = await engine());
    emulator = await startEmulator();
    await owner.containers({ box: { memoryLimit: "4g", backend: "docker", docker: { image } } }).up();
    reader = new Stack({ OPENAI_API_KEY: key, OPENAI_BASE_URL: emulator.baseUrl });
    reader.program("").init();
    reader.configure("openai-containers:backend", "docker");
  });
  after(async () => {
    if (!canGet) return;
    await reader.end(client);
    await owner.end(client);
    await emulator.stop();
  });

  it("reads containers of other stacks, also on the default backend, and never deletes them", async () => {
    const id = owner.idOf("box");
    const [hostedId] = emulator.seed([{ name: "by hand", memory_limit: "16g" }]);
    reader.program(
      `const got = Container.get("got", "${id}", { backend: "docker" }, {});
       exports.all = pulumi.all([got.id, got.name, got.memoryLimit, got.status, got.backend, got.createdAt, got.docker]);
       exports.byDefault = Container.get("by-default", "${id}").id;
       const hosted = Container.get("hosted", "${hostedId}", { backend: "openai" });
       exports.hosted = pulumi.all([hosted.name, hosted.memoryLimit]);`,
    );
    await reader.up();
    const { all, byDefault, hosted } = reader.outputs();
    const { createdAt } = owner.resources.get("box")?.outputs ?? {};
    assert.deepEqual(all, [id, `${owner.prefix}-box`, "4g", "running", "docker", createdAt, { image }]);
    assert.deepEqual([byDefault, hosted], [id, ["by hand", "16g"]]);
    await reader.up("--expect-no-changes");
    await reader.destroy();
    assert.equal((await client.getContainer(id).inspect()).State.Running, true);
    assert.equal(emulator.containers().length, 1);
  });

  it("fails in a preview for an id that turns out to be empty, and for a container that does not exist", async () => {
    const { code, text } = await reader
      .program(
        `Container.get("empty", pulumi.output(""));
         Container.get("none", pulumi.output(undefined));
         Container.get("promised", Promise.resolve(""));
         Container.get("gone", "cntr_${"0".repeat(48)}");`,
      )
      .run(["preview"]);
    assert.notEqual(code, 0);
    for (const name of ["empty", "none", "promised"]) {
      const says = `error: OC4013: Container ${name}: Container.get needs the id of a container, and got none. `;
      assert.ok(text.includes(says), text);
    }
    assert.match(text, /OC2011: There is no container cntr_0{48} at docker:.*\. Correct the id/);
    assert.doesNotMatch(text, /\n\s+at /);
    assert.doesNotMatch(text, /\+.*openai-containers:Container.*create/);
  });
});
