import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type Docker from "dockerode";
import { image as base, engine, inside } from "../support/docker";
import { MovingRegistry } from "../support/docker-plugin/registry";
import { imageStack } from "../support/docker-plugin/stack";
import type { Stack } from "../support/stack";
import { upWarnings } from "../support/stack-warnings";

describe("SandboxImage in a stack", function () {
  this.timeout(600_000);
  let client: Docker;
  let registry: MovingRegistry;
  let stack: Stack;
  let first = "";
  let label = "";
  /** The ids of all images, also of those that another one has replaced. */
  const made = new Set<string>();

  /**
   * A pinned image of a private registry, two that are built, and a sandbox of one of them.
   * @param mark a function of Pulumi for the reference
   */
  function program(reference: string, mark = ""): void {
    const { address, username, password } = registry;
    stack.program(`
      const { SandboxImage } = require("pulumi-openai-containers/docker");
      const registryAuth = [${JSON.stringify({ address, username, password })}];
      const pinned = new SandboxImage("pinned", { reference: ${mark}(${JSON.stringify(reference)}), registryAuth });
      const built = new SandboxImage("built", { build: { base: "${base}", files: { "/opt/tools": "./tools" } } });
      const own = new SandboxImage("own", { dockerfile: "./image/Dockerfile" });
      const box = new Container("${stack.prefix}-box", { backend: "docker", docker: { image: built.imageId } });
      for (const [name, image] of Object.entries({ pinned, built, own })) {
        exports[name] = image.imageId;
        exports[name + "Reference"] = image.reference;
      }`);
  }

  function write(file: string, text: string): void {
    writeFileSync(join(stack.folder, file), text);
  }

  async function up(...args: string[]): Promise<string> {
    const text = await stack.up(...args);
    for (const name of ["pinned", "built", "own"]) made.add(stack.ids()[name] ?? "");
    return text;
  }

  const urnOf = (type: string, name: string) =>
    stack.state().deployment.resources.find(({ urn }) => urn.endsWith(`$${type}::${name}`))?.urn ?? assert.fail();

  before(async () => {
    client = (await engine()).client;
    stack = imageStack();
    label = `openai-containers.test=${stack.prefix}`;
    registry = await MovingRegistry.start(stack.prefix);
    first = await registry.move("first");
    mkdirSync(join(stack.folder, "tools"), { mode: 0o700 });
    writeFileSync(join(stack.folder, "tools/version"), "one\n", { mode: 0o600 });
    mkdirSync(join(stack.folder, "image"));
    write("image/Dockerfile", `FROM ${base}\nCOPY notes /opt/notes\nUSER 1000`);
    write("image/notes", "of its context\n");
  });
  after(async () => {
    registry.stop();
    try {
      await stack.destroy();
      const present = await client.listImages();
      for (const { Id } of present) if (made.has(Id)) await client.getImage(Id).remove({ force: true });
      await client.pruneImages({ filters: { dangling: ["true"], label: [label] } }); // of the build that failed
    } finally {
      await stack.end(client);
    }
  });

  it("makes a pinned and two built images, by whose ids containers are created", async () => {
    program(`${registry.image}:1`);
    await up();
    const ids = stack.ids();
    assert.equal(ids["pinnedReference"], `${registry.image}@${first}`);
    for (const name of ["pinned", "built", "own"]) {
      const { Id } = await client.getImage(ids[`${name}Reference`] ?? "").inspect();
      assert.equal(ids[name], Id);
    }
    const { Os, Arch } = await client.version();
    const built = stack.state().deployment.resources.find(({ urn }) => urn.endsWith("index/image:Image::built"));
    assert.equal(built?.outputs["platform"], `${Os}/${Arch}`);
    const { outputs, id = "" } = stack.container();
    assert.equal(outputs["imageId"], ids["built"]);
    // A folder that only its owner may read on this machine.
    assert.deepEqual(await inside(client, id, "cat /opt/tools/version"), { code: 0, text: "one" });
  });

  it("has the registry's password encrypted in state, and nowhere in clear", () => {
    const provider = stack.state().deployment.resources.find(({ urn }) => urn.endsWith("providers:docker::pinned"));
    assert.match(JSON.stringify(provider?.inputs["registryAuth"]), /ciphertext/);
    assert.ok(!JSON.stringify(stack.state()).includes(registry.password));
  });

  it("is unchanged in ten previews in a row", async () => {
    for (let at = 0; at < 10; at += 1) {
      assert.doesNotMatch(await stack.ok("preview", "--expect-no-changes"), /warning/);
    }
  });

  it("shows in a preview that a changed file replaces the container, and then does it", async () => {
    write("tools/version", "two\n");
    const { steps } = await stack.preview();
    const changed = steps.filter(({ op }) => op !== "same").map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`);
    assert.deepEqual(
      changed.filter((step) => /^(update|replace) /.test(step)),
      ["update built", `replace ${stack.prefix}-box`],
    );
    const second = await registry.move("second");
    const text = await up();
    const { id = "" } = stack.container();
    assert.deepEqual(await inside(client, id, "cat /opt/tools/version"), { code: 0, text: "two" });

    // The tag has moved meanwhile.
    const [warning = "", ...more] = upWarnings(text).filter((line) => line.startsWith("pinned: "));
    assert.deepEqual(more, []);
    const moved = `OC4104: ${registry.image}:1 moved in its registry from ${first} to ${second}`;
    assert.ok(warning.startsWith(`pinned: ${moved}: this stack keeps the image that it has.`), warning);
    assert.ok(warning.endsWith(`write ${registry.image}:1@${second}.`), warning);
    assert.equal(stack.ids()["pinnedReference"], `${registry.image}@${first}`);
  });

  it("fails in a preview where an image was removed from the engine, and names the command that makes it again", async () => {
    const third = await registry.move("third");
    await client.getImage(stack.ids()["ownReference"] ?? "").remove();
    const { code, text } = await stack.run(["preview"]);
    assert.notEqual(code, 0);
    const urn = urnOf("docker:index/image:Image", "own");
    assert.ok(text.includes(`it was removed. To make it again, run \`pulumi up --replace '${urn}'\`.`), text);
    assert.match(text, /OC4109: SandboxImage own: the Docker engine of the sandboxes, \S+, does not have the image/);
    assert.doesNotMatch(text, /^\s+at /m);

    // A digest in the program takes the new image, without a look-up.
    program(`${registry.image}:1@${third}`);
    registry.lookUps = 0;
    await up("--replace", urn);
    assert.equal(registry.lookUps, 0);
    assert.equal(stack.ids()["pinnedReference"], `${registry.image}@${third}`);
    await client.getImage(stack.ids()["own"] ?? "").inspect();
  });

  it("fails in the build where the image lacks a program that a sandbox needs, and names it", async () => {
    write("image/Dockerfile", `FROM ${base}\nLABEL ${label}\nRUN rm "$(command -v sleep)"`);
    const { code, text } = await stack.run(["up", "--yes", "--skip-preview"]);
    assert.notEqual(code, 0);
    assert.match(text, /this image has no sleep, which a sandbox needs/);
  });

  it("fails with the registry's reason for an image that does not exist", async () => {
    program(`${registry.image}:missing`);
    const { code, text } = await stack.run(["preview"]);
    assert.notEqual(code, 0);
    assert.match(text, /OC4105: SandboxImage pinned: cannot read the digest of \S+:missing from its registry: .*404/);
    assert.doesNotMatch(text, /^\s+at /m);
  });

  it("fails without a word of a secret reference for an image that does not exist", async () => {
    program(`${registry.image}:missing`, 'require("@pulumi/pulumi").secret');
    const { code, text } = await stack.run(["preview"]);
    assert.notEqual(code, 0);
    assert.match(
      text,
      /OC4105: SandboxImage pinned: cannot read the digest of its secret reference from its registry: the/,
    );
    assert.doesNotMatch(text, /:missing/);
    assert.doesNotMatch(text, /^\s+at /m);
  });
});
