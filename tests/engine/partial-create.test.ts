import assert from "node:assert/strict";
import { containersNamed, inside } from "../support/docker";
import { Stack } from "../support/stack";
import { dockerTestBackend } from "../support/test-backend";

describe("a partial create that cannot be undone", function () {
  this.timeout(300_000);
  let backend: Awaited<ReturnType<typeof dockerTestBackend>>;
  let stack: Stack;

  before(async () => {
    backend = await dockerTestBackend();
    stack = new Stack(backend.env);
    stack.program(`new Container("${stack.prefix}", { ${backend.args} });`).init();
  });
  after(() => stack.end(backend.holder).finally(() => backend.stop()));

  it("keeps the id in state, and is repaired by the next up, also after a refresh", async () => {
    backend.faulty.fault = (request) =>
      /^POST .*\/start|^DELETE/.test(request) ? { status: 500, message: "the engine is broken" } : undefined;
    const { code, text } = await stack.run(["up", "--yes", "--skip-preview"]);
    assert.notEqual(code, 0);
    assert.match(
      text,
      /OC2012: Container \w+ was created only in part: .*the engine is broken.*Removing it failed, too/s,
    );
    const half = stack.container();
    assert.deepEqual(await containersNamed(backend.client, stack.prefix), [half.id]);
    assert.equal(half.outputs["status"], "provisioning");
    assert.equal(half.initErrors?.length, 1);

    backend.faulty.fault = () => undefined;
    await stack.ok("refresh", "--yes", "--skip-preview");
    assert.match(await stack.up(), /~ 1 updated/);
    const whole = stack.container();
    assert.deepEqual([whole.id, whole.outputs["status"], whole.initErrors], [half.id, "running", undefined]);
    assert.equal((await inside(backend.client, whole.id ?? "", "touch /mnt/data/file")).code, 0);
  });
});
