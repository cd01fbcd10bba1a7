import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type Docker from "dockerode";
import { containersNamed, engine, image } from "../support/docker";
import { Stack } from "../support/stack";

const docker = `backend: "docker", docker: { image: "${image}" }`;

describe("arguments in a program", function () {
  this.timeout(120_000);
  const stack = new Stack();
  let client: Docker;

  before(async () => {
    ({ client } = await engine());
    stack.program("").init();
  });
  after(() => stack.end(client));

  /** The check failures that a preview prints, without Pulumi's prefix. */
  async function problems(args: string): Promise<string[]> {
    const { code, text } = await stack.program(`new Container("box", ${args});`).run(["preview"]);
    assert.notEqual(code, 0, text);
    assert.doesNotMatch(text, /\n\s+at /, "no stack trace for a user's mistake");
    assert.doesNotMatch(text, /CANARY/);
    const diagnostics = text.slice(text.indexOf("Diagnostics:"));
    return [...diagnostics.matchAll(/resource 'box' has a problem: (.*)/g)].map(([, problem = ""]) => problem);
  }

  it("fail in the preview with all their mistakes at once, and no secret is quoted", async () => {
    const wrong = `{ backend: "docker", memoryLimit: pulumi.secret("CANARY2g"), networkPolicy: { type: "open" }, name: "", memorylimit: "1g",
      expiresAfter: { anchor: "last_active_at", minutes: 1.5 }, docker: { image: 5, runtime: "x" } }`;
    assert.deepEqual(await problems(wrong), [
      "OC1003: name: got an empty string, expected at least 1 character",
      'OC1003: memoryLimit: got text of 8 characters, expected "1g", "4g", "16g" or "64g"',
      'OC1003: networkPolicy.type: got text of 4 characters, expected "disabled" or "allowlist"',
      "OC1003: expiresAfter.minutes: got a fraction, expected a whole number",
      "OC1003: docker.image: got a number, expected text",
      "OC1002: docker.runtime: unknown property",
      "OC1002: memorylimit: unknown property, expected one of name, memoryLimit, networkPolicy, expiresAfter, fileIds, skills, backend, docker",
    ]);
  });

  it("fail with an import option that is no id", async () => {
    const { code, text } = await stack.program(`new Container("box", { ${docker} }, { import: "" });`).run(["preview"]);
    assert.notEqual(code, 0);
    assert.match(
      text,
      /OC4001: Container box: the import option needs the id of a container, and got an empty text\. /,
    );
    assert.doesNotMatch(text, /\n\s+at /);
  });

  it("can be unknown in a preview, at any depth", async () => {
    stack.program(`
      const one = new Container("one", { name: "${stack.prefix}-one", ${docker} });
      const later = (value) => one.id.apply(() => value);
      new Container("two", { name: one.id.apply((id) => "${stack.prefix}-two"), memoryLimit: later("4g"), backend: later("docker"),
        networkPolicy: { type: later("disabled") }, expiresAfter: { anchor: "last_active_at", minutes: later(5) }, docker: { image: one.imageId } });
      new Container("three", { name: "${stack.prefix}-three", backend: "docker", networkPolicy: later({ type: "disabled" }), expiresAfter: later(undefined), docker: later({ image: "${image}" }) });`);
    const { steps } = await stack.preview();
    assert.deepEqual(
      steps.map(({ op }) => op),
      ["create", "create", "create", "create"],
    );
    await stack.up();
    assert.equal((await containersNamed(client, stack.prefix)).length, 3);
    await stack.up("--expect-no-changes");
  });

  it("can be secret, and are then in clear nowhere in previews, output and state", async () => {
    const secret = `${stack.prefix}-classified`;
    stack.program(`new Container("box", { ${docker}, name: pulumi.secret("${secret}") });`);
    const shown = [await stack.ok("preview", "--diff"), await stack.up()];
    shown.push(await stack.ok("refresh", "--yes", "--skip-preview", "--diff"), await stack.ok("stack", "export"));
    for (const text of shown) assert.doesNotMatch(text, /classified/);
    for (const file of filesUnder(join(stack.folder, "state"))) {
      assert.ok(!readFileSync(file, "utf8").includes(secret), `in clear in ${file}`);
    }
    const { deployment } = JSON.parse(await stack.ok("stack", "export", "--show-secrets"));
    assert.match(JSON.stringify(deployment), /classified/, "it is there, encrypted");
  });
});

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
