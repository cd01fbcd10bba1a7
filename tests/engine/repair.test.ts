import assert from "node:assert/strict";
import type Docker from "dockerode";
import { containersNamed, engine, image, inside, stopped } from "../support/docker";
import { FaultyEngine } from "../support/faulty-engine";
import { assertLines } from "../support/lines";
import { Stack } from "../support/stack";
import { previewWarnings, upWarnings } from "../support/stack-warnings";

describe("a sandbox that was stopped", function () {
  this.timeout(180_000);
  const stack = new Stack();
  let client: Docker;
  const idOf = () => stack.container().id ?? "";

  before(async () => {
    ({ client } = await engine());
    stack.program(`new Container("${stack.prefix}", { backend: "docker", docker: { image: "${image}" } });`).init();
    await stack.up();
  });
  after(() => stack.end(client));

  it("is started again by a plain up, with its files and a warning", async () => {
    const id = idOf();
    await inside(client, id, "echo kept > /mnt/data/file");
    await client.getContainer(id).kill();
    await stopped(client, id);

    const lines = [
      new RegExp(`^${stack.prefix}: OC2005: container ${id} is stopped: up starts it again, with its files`),
    ];
    const preview = await stack.preview();
    assert.deepEqual(preview.steps.map(({ op }) => op).sort(), ["same", "update"]);
    assertLines(previewWarnings(preview), lines);

    const text = await stack.up();
    assert.match(text, /~ 1 updated/);
    assertLines(upWarnings(text), lines);
    assert.equal(idOf(), id);
    assert.equal((await inside(client, id, "cat /mnt/data/file")).text, "kept");
  });

  it("has the status stopped in a refresh, and is started again by the next up", async () => {
    const id = idOf();
    await client.getContainer(id).kill();
    await stopped(client, id);
    assert.match(await stack.ok("refresh", "--yes", "--skip-preview", "--diff"), /~ status +: "running" => "stopped"/);
    assert.match(await stack.up(), /1 updated/);
    assert.equal(stack.container().outputs["status"], "running");
  });
});

describe("a partial create that cannot be undone", function () {
  this.timeout(120_000);
  let faulty: FaultyEngine;
  let stack: Stack;
  let client: Docker;

  before(async () => {
    const host = await engine();
    client = host.client;
    faulty = await new FaultyEngine(host.address.replace("unix://", "")).start();
    stack = new Stack({ DOCKER_HOST: faulty.host });
    stack.program(`new Container("${stack.prefix}", { backend: "docker", docker: { image: "${image}" } });`).init();
  });
  after(async () => {
    await stack.end(client);
    faulty.stop();
  });

  it("keeps the id in state, and is repaired by the next up, also after a refresh", async () => {
    faulty.fault = (request) =>
      /^POST .*\/start|^DELETE/.test(request) ? { status: 500, message: "the engine is broken" } : undefined;
    const { code, text } = await stack.run(["up", "--yes", "--skip-preview"]);
    assert.notEqual(code, 0);
    assert.match(
      text,
      /OC2012: Container \w+ was created only in part: .*the engine is broken.*Removing it failed, too/s,
    );
    const half = stack.container();
    assert.deepEqual(await containersNamed(client, stack.prefix), [half.id]);
    assert.equal(half.outputs["status"], "provisioning");
    assert.equal(half.initErrors?.length, 1);

    faulty.fault = () => undefined;
    await stack.ok("refresh", "--yes", "--skip-preview");
    await stack.up();
    const whole = stack.container();
    assert.deepEqual([whole.id, whole.outputs["status"], whole.initErrors], [half.id, "running", undefined]);
    assert.equal((await inside(client, whole.id ?? "", "touch /mnt/data/file")).code, 0);
    await stack.up("--expect-no-changes");
  });
});
