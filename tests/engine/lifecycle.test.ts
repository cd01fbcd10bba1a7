import assert from "node:assert/strict";
import type Docker from "dockerode";
import { containersNamed, engine, image } from "../support/docker";
import { Stack } from "../support/stack";

const type = "pulumi-nodejs:dynamic/openai-containers:Container";

describe("a stack with one sandbox", function () {
  this.timeout(120_000);
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
    await stack.init();
  });
  after(() => stack.end(client));

  it("is created", async () => {
    program();
    const text = await stack.up();
    assert.match(text, /Container box created/);
    const { id, outputs } = await stack.container();
    assert.deepEqual(await containersNamed(client, stack.prefix), [id]);
    assert.deepEqual(
      [outputs["status"], outputs["object"], outputs["name"]],
      ["running", "container", `${stack.prefix}-one`],
    );
    assert.match(String(outputs["location"]), /^docker:/);
    assert.match(String(outputs["imageId"]), /^sha256:/);
  });

  it("names its provider in state by less than 100 bytes", async () => {
    const { inputs } = await stack.container();
    assert.ok(Buffer.byteLength(String(inputs["__provider"])) < 100);
  });

  it("does not change when nothing does", async () => {
    assert.match(await stack.up("--expect-no-changes"), /2 unchanged/);
  });

  it("does not change under refresh, nor after it", async () => {
    const before = await stack.container();
    await stack.ok("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    assert.deepEqual(await stack.container(), before);
    await stack.up("--expect-no-changes");
  });

  const replacements: [change: Partial<typeof args>, lines: string[], detailed: string[]][] = [
    [{ memoryLimit: '"4g"' }, ['~ memoryLimit: "1g" => "4g"'], ["memoryLimit"]],
    [{ name: `"${stack.prefix}-two"` }, [`~ name: "${stack.prefix}-one" => "${stack.prefix}-two"`], ["name"]],
    [
      { expiresAfter: '{ anchor: "last_active_at", minutes: 5 }' },
      ["~ expiresAfter: {", "~ minutes: 20 => 5", "}"],
      ["expiresAfter.minutes"],
    ],
    [
      { networkPolicy: '{ type: "allowlist", allowedDomains: ["a.example"] }' },
      [
        "~ networkPolicy: {",
        "+ allowedDomains: [",
        '+     [0]: "a.example"',
        "]",
        '~ type          : "disabled" => "allowlist"',
        "}",
      ],
      ["networkPolicy.allowedDomains", "networkPolicy.type"],
    ],
    [{ docker: '{ image: "other:1" }' }, ["~ docker: {", `~ image: "${image}" => "other:1"`, "}"], ["docker.image"]],
  ];
  for (const [change, lines, detailed] of replacements) {
    it(`shows in a preview just the change of ${Object.keys(change)}, which replaces it`, async () => {
      program(change);
      const text = await stack.ok("preview", "--diff");
      const shown = text.split("\n").map((line) => line.trim());
      const urn = shown.findIndex((line) => line.startsWith("[urn=") && line.includes(type));
      assert.deepEqual(shown.slice(urn + 1, shown.indexOf("Resources:")).filter(Boolean), lines);

      const { steps } = await stack.preview();
      const step = steps.find(({ op }) => op === "replace");
      assert.deepEqual(step?.replaceReasons, Object.keys(change));
      assert.deepEqual(
        step?.detailedDiff,
        Object.fromEntries(detailed.map((path) => [path, { kind: path.endsWith("Domains") ? "add" : "update" }])),
      );
    });
  }

  it("is replaced, the new one first", async () => {
    const old = (await stack.container()).id;
    program({ memoryLimit: '"4g"' });
    const text = await stack.up();
    const created = text.indexOf("created replacement");
    assert.ok(created > 0 && created < text.indexOf("deleting original"), text);
    const { id, outputs } = await stack.container();
    assert.notEqual(id, old);
    assert.equal(outputs["memoryLimit"], "4g");
    assert.deepEqual(await containersNamed(client, stack.prefix), [id]);
  });

  it("shows drift of its tier in a refresh, and mends it in the next up", async () => {
    const { id } = await stack.container();
    await client.getContainer(id ?? "").update({ Memory: 16 * 2 ** 30, MemorySwap: 16 * 2 ** 30 });
    const shown = await stack.ok("refresh", "--yes", "--skip-preview", "--diff");
    assert.match(shown, /~ memoryLimit: "4g" => "16g"/);
    assert.doesNotMatch(shown, /expiresAfter|networkPolicy|imageId/);
    assert.match(await stack.ok("preview", "--diff"), /~ memoryLimit: "16g" => "4g"/);
    await stack.up();
    assert.equal((await stack.container()).outputs["memoryLimit"], "4g");
  });

  it("is replaced on demand, leaving one", async () => {
    const { id: old, urn } = await stack.container();
    await stack.up("--replace", urn);
    const { id } = await stack.container();
    assert.notEqual(id, old);
    assert.deepEqual(await containersNamed(client, stack.prefix), [id]);
  });

  it("moves to another resource name without a change", async () => {
    stack.program(
      `new Container("moved", { name: ${args.name}, backend: "docker", memoryLimit: "4g", docker: ${args.docker} }, { aliases: [{ name: "box" }] });`,
    );
    assert.match(await stack.up("--expect-no-changes"), /2 unchanged/);
  });

  it("is destroyed, and again without complaint", async () => {
    const { id } = await stack.container();
    // Gone behind Pulumi's back: deleting it is no error.
    await client.getContainer(id ?? "").remove({ force: true, v: true });
    await stack.ok("destroy", "--yes", "--skip-preview");
    assert.deepEqual(await containersNamed(client, stack.prefix), []);
    await stack.ok("destroy", "--yes", "--skip-preview");
  });
});
