import assert from "node:assert/strict";
import { containersNamed, engine, image } from "../support/docker";
import { Stack } from "../support/stack";

describe("arguments in a program", function () {
  this.timeout(300_000);
  const stack = new Stack();
  before(() => {
    stack.program("").init();
  });
  after(async () => stack.end((await engine()).client));

  it("fail in the preview with all their mistakes at once, and no secret is quoted", async () => {
    const wrong = `{ backend: "docker", memoryLimit: pulumi.secret("CANARY2g"), networkPolicy: { type: "open" }, name: "", memorylimit: "1g",
      expiresAfter: { anchor: "last_active_at", minutes: 1.5 }, docker: { image: 5, runtime: "a b", runtimes: "x" } }`;
    const { code, text } = await stack.program(`new Container("box", ${wrong});`).run(["preview"]);
    assert.notEqual(code, 0, text);
    assert.doesNotMatch(text, /\n\s+at /, "no stack trace for a user's mistake");
    assert.doesNotMatch(text, /CANARY/);
    const diagnostics = text.slice(text.indexOf("Diagnostics:"));
    const problems = [...diagnostics.matchAll(/resource 'box' has a problem: (.*)/g)].map(
      ([, problem = ""]) => problem,
    );
    assert.deepEqual(problems, [
      "OC1003: name: got an empty string, expected at least 1 character",
      'OC1003: memoryLimit: got text of 8 characters, expected "1g", "4g", "16g" or "64g"',
      'OC1003: networkPolicy.type: got text of 4 characters, expected "disabled" or "allowlist"',
      "OC1003: expiresAfter.minutes: got a fraction, expected a whole number",
      "OC1003: docker.image: got a number, expected text",
      "OC1003: docker.runtime: got text of 3 characters, expected the name of a runtime, of letters, digits, `.`, `_` and `-`",
      "OC1002: docker.runtimes: unknown property",
      "OC1002: memorylimit: unknown property, expected one of name, memoryLimit, networkPolicy, expiresAfter, fileIds, skills, backend, docker",
    ]);
  });

  it("can be unknown in a preview, at any depth", async () => {
    const docker = `backend: "docker", docker: { image: "${image}" }`;
    stack.program(`
      const one = new Container("one", { name: "${stack.prefix}-one", ${docker} });
      const later = (value) => one.id.apply(() => value);
      new Container("two", { name: one.id.apply((id) => "${stack.prefix}-two"), memoryLimit: later("4g"), backend: later("docker"),
        networkPolicy: { type: later("disabled") }, expiresAfter: { anchor: "last_active_at", minutes: later(5) }, docker: { image: one.imageId } });
      new Container("three", { name: "${stack.prefix}-three", backend: "docker", networkPolicy: later({ type: "disabled" }), expiresAfter: later(undefined), docker: later({ image: "${image}" }) });`);
    // The update follows in the same run.
    assert.match(await stack.ok("up", "--yes"), /\+ 4 to create\n.*\+ 4 created/s);
    assert.equal((await containersNamed((await engine()).client, stack.prefix)).length, 3);
    await stack.up("--expect-no-changes");
  });
});
