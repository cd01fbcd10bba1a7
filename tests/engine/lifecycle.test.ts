import assert from "node:assert/strict";
import type Docker from "dockerode";
import { containersNamed, engine, image } from "../support/docker";
import { Stack } from "../support/stack";

const type = "pulumi-nodejs:dynamic/openai-containers:Container";

describe("a stack with one sandbox", function () {
  this.timeout(300_000);
  const stack = new Stack();
  let client: Docker;

  /** The arguments as JavaScript: the defaults written out, so that each test changes one. */
  const args = {
    name: `"${stack.prefix}-one"`,
    backend: '"docker"',
    memoryLimit: '"1g"',
    expiresAfter: '{ anchor: "last_active_at", minutes: 20 }',
    networkPolicy: '{ type: "disabled" }',
    docker: `{ image: "${image}" }`,
  };
  function program(changes: Partial<typeof args> = {}): void {
    const written = Object.entries({ ...args, ...changes }).map(([key, value]) => `${key}: ${value}`);
    stack.program(`const box = new Container("box", { ${written.join(", ")} });\nexports.id = box.id;`);
  }

  before(async () => {
    ({ client } = await engine());
    stack.init();
  });
  after(() => stack.end(client));

  it("is created as one container on the engine", async () => {
    program();
    const text = await stack.up();
    assert.match(text, /Container box created/);
    const { id, outputs } = stack.container();
    assert.deepEqual(await containersNamed(client, stack.prefix), [id]);
    assert.deepEqual(
      [outputs["status"], outputs["object"], outputs["name"]],
      ["running", "container", `${stack.prefix}-one`],
    );
    assert.match(String(outputs["location"]), /^docker:/);
    assert.match(String(outputs["imageId"]), /^sha256:/);
  });

  it("has less than 100 bytes of provider code in state", async () => {
    const { inputs } = stack.container();
    assert.ok(Buffer.byteLength(String(inputs["__provider"])) < 100);
  });

  it("shows only the changed arguments in a preview, which replace it", async () => {
    program({
      memoryLimit: '"4g"',
      name: `"${stack.prefix}-two"`,
      expiresAfter: '{ anchor: "last_active_at", minutes: 5 }',
      networkPolicy: '{ type: "allowlist", allowedDomains: ["a.example.com"] }',
      docker: '{ image: "other:1" }',
    });
    const text = await stack.ok("preview", "--diff");
    const shown = text.split("\n").map((line) => line.trim());
    const urn = shown.findIndex((line) => line.startsWith("[urn=") && line.includes(type));
    assert.match(shown[urn - 2] ?? "", /^\+-pulumi-nodejs:dynamic\/openai-containers:Container: \(replace\)/);
    assert.deepEqual(shown.slice(urn + 1, shown.indexOf("Resources:")).filter(Boolean), [
      "~ docker       : {",
      `~ image: "${image}" => "other:1"`,
      "}",
      "~ expiresAfter : {",
      "~ minutes: 20 => 5",
      "}",
      '~ memoryLimit  : "1g" => "4g"',
      `~ name         : "${stack.prefix}-one" => "${stack.prefix}-two"`,
      "~ networkPolicy: {",
      "+ allowedDomains: [",
      '+     [0]: "a.example.com"',
      "]",
      '~ type          : "disabled" => "allowlist"',
      "}",
    ]);
  });

  it("is replaced, and the new container is created before the old one is deleted", async () => {
    const old = stack.container().id;
    program({ memoryLimit: '"4g"' });
    const text = await stack.up();
    const created = text.indexOf("created replacement");
    assert.ok(created > 0 && created < text.indexOf("deleting original"), text);
    const { id, outputs } = stack.container();
    assert.notEqual(id, old);
    assert.equal(outputs["memoryLimit"], "4g");
    assert.deepEqual(await containersNamed(client, stack.prefix), [id]);
  });

  it("is destroyed without an error when it is gone already", async () => {
    const { id } = stack.container();
    await client.getContainer(id ?? "").remove({ force: true, v: true }); // outside Pulumi
    assert.match(await stack.destroy(), /- 2 deleted/);
    assert.deepEqual(stack.containers(), []);
  });
});
