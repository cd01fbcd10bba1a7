import assert from "node:assert/strict";
import type Docker from "dockerode";
import { containersNamed, engine, image, inside, stopped } from "../support/docker";
import { FaultyEngine } from "../support/faulty-engine";
import { Stack } from "../support/stack";

describe("a sandbox that is not as state has it", function () {
  this.timeout(180_000);
  const stack = new Stack();
  let client: Docker;
  const idOf = async () => (await stack.container()).id ?? "";
  const program = (minutes: number) =>
    stack.program(
      `new Container("${stack.prefix}", { backend: "docker", docker: { image: "${image}" }, expiresAfter: { anchor: "last_active_at", minutes: ${minutes} } });`,
    );

  before(async () => {
    ({ client } = await engine());
    await program(20).init();
    await stack.up();
  });
  after(() => stack.end(client));

  it("is started again, with its files, when it was stopped", async () => {
    const id = await idOf();
    await inside(client, id, "echo kept > /mnt/data/file");
    await client.getContainer(id).kill();
    await stopped(client, id);

    const { steps, diagnostics } = await stack.preview();
    assert.deepEqual(steps.map(({ op }) => op).sort(), ["same", "update"]);
    const warning = `container ${id} is stopped: up starts it again, with its files`;
    assert.ok(diagnostics.some(({ urn, message }) => urn?.endsWith(`::${stack.prefix}`) && message.includes(warning)));

    assert.match(await stack.up(), /1 updated/);
    assert.equal(await idOf(), id);
    assert.equal((await inside(client, id, "cat /mnt/data/file")).text, "kept");
    await stack.up("--expect-no-changes");
  });

  it("reads as stopped in a refresh, and is started by the up after it", async () => {
    const id = await idOf();
    await client.getContainer(id).kill();
    await stopped(client, id);
    assert.match(await stack.ok("refresh", "--yes", "--skip-preview", "--diff"), /~ status +: "running" => "stopped"/);
    assert.match(await stack.up(), /1 updated/);
    assert.equal((await stack.container()).outputs["status"], "running");
  });

  it("is replaced when it is gone, with a line that says so", async () => {
    const id = await idOf();
    await client.getContainer(id).remove({ force: true, v: true });
    const { steps, diagnostics } = await stack.preview();
    assert.deepEqual(steps.find(({ op }) => op === "replace")?.replaceReasons, ["gone"]);
    assert.ok(
      diagnostics.some(({ message }) =>
        message.includes(`container ${id} is gone: up puts a new, empty one in its place`),
      ),
    );
    assert.match(await stack.up(), /1 replaced/);
    assert.deepEqual(await containersNamed(client, stack.prefix), [await idOf()]);
  });

  it("is replaced when it expired, tombstone included, and is dropped by a refresh", async () => {
    const short = (name: string) =>
      `const ${name} = new Container("${stack.prefix}-${name}", { backend: "docker", docker: { image: "${image}" }, expiresAfter: { anchor: "last_active_at", minutes: 1 } });`;
    stack.program(
      `${short("one")}${short("two")}exports.ids = pulumi.all([one.id, two.id]); exports.urns = pulumi.all([one.urn, two.urn]);`,
    );
    await stack.up();
    const [one, two] = JSON.parse(await stack.ok("stack", "output", "ids", "--json"));
    const [, urnOfTwo] = JSON.parse(await stack.ok("stack", "output", "urns", "--json"));
    await Promise.all([stopped(client, one), stopped(client, two)]);

    assert.match(await stack.ok("refresh", "--yes", "--skip-preview", "--target", urnOfTwo), /1 deleted/);
    // What a refresh drops from state, nobody deletes: its tombstone stays on the engine.
    assert.ok((await containersNamed(client, stack.prefix)).includes(two));
    await client.getContainer(two).remove({ v: true });

    const { steps, diagnostics } = await stack.preview();
    assert.deepEqual(steps.map(({ op }) => op).sort(), ["create", "replace", "same"]);
    assert.deepEqual(steps.find(({ op }) => op === "replace")?.replaceReasons, ["expired"]);
    assert.ok(diagnostics.some(({ message }) => message.includes(`container ${one} has expired after 1 idle minute`)));
    await stack.up();
    const left = await containersNamed(client, stack.prefix);
    assert.deepEqual([left.length, left.includes(one)], [2, false]);
  });
});

describe("a create that fails half-way and cannot be undone", function () {
  this.timeout(120_000);
  let faulty: FaultyEngine;
  let stack: Stack;
  let client: Docker;

  before(async () => {
    const host = await engine();
    client = host.client;
    faulty = await new FaultyEngine(host.address.replace("unix://", "")).start();
    stack = new Stack({ DOCKER_HOST: faulty.host });
    await stack
      .program(`new Container("${stack.prefix}", { backend: "docker", docker: { image: "${image}" } });`)
      .init();
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
    assert.match(text, /the engine is broken.*It could not be removed again either/s);
    const half = await stack.container();
    assert.deepEqual(await containersNamed(client, stack.prefix), [half.id]);
    assert.equal(half.outputs["status"], "provisioning");
    assert.equal(half.initErrors?.length, 1);

    faulty.fault = () => undefined;
    await stack.ok("refresh", "--yes", "--skip-preview");
    await stack.up();
    const whole = await stack.container();
    assert.deepEqual([whole.id, whole.outputs["status"], whole.initErrors], [half.id, "running", undefined]);
    assert.equal((await inside(client, whole.id ?? "", "touch /mnt/data/file")).code, 0);
    await stack.up("--expect-no-changes");
  });
});
