import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type Docker from "dockerode";
import { containersNamed, engine, image } from "../support/docker";
import { Stack } from "../support/stack";

const docker = `backend: "docker", docker: { image: "${image}" }`;

describe("what a program may write", function () {
  this.timeout(120_000);
  const stack = new Stack();
  let client: Docker;

  before(async () => {
    ({ client } = await engine());
    await stack.program("").init();
  });
  after(() => stack.end(client));

  /** The problems that a preview tells, each without Pulumi's frame around it. */
  async function problems(args: string): Promise<string[]> {
    const { code, text } = await stack.program(`new Container("box", ${args});`).run(["preview"]);
    assert.notEqual(code, 0, text);
    assert.doesNotMatch(text, /\n\s+at /, "no stack trace for a user's mistake");
    const diagnostics = text.slice(text.indexOf("Diagnostics:"));
    return [...diagnostics.matchAll(/resource 'box' has a problem: (.*)/g)].map(([, problem = ""]) => problem);
  }

  it("is refused with all its mistakes at once, in the preview", async () => {
    const wrong = `{ backend: "docker", memoryLimit: "2g", networkPolicy: { type: "open" }, name: "", memorylimit: "1g",
      expiresAfter: { anchor: "last_active_at", minutes: 1.5 }, docker: { image: 5, runtime: "x" } }`;
    assert.deepEqual(await problems(wrong), [
      "OC1003: name: got an empty string, expected at least 1 character",
      'OC1003: memoryLimit: got text of 2 characters, expected "1g", "4g", "16g" or "64g"',
      'OC1003: networkPolicy.type: got text of 4 characters, expected "disabled" or "allowlist"',
      "OC1003: expiresAfter.minutes: got a number, expected a whole number",
      "OC1003: docker.image: got a number, expected text",
      "OC1002: docker.runtime: unknown property",
      "OC1002: memorylimit: unknown property, expected one of name, memoryLimit, networkPolicy, expiresAfter, fileIds, skills, backend, docker",
    ]);
  });

  it("is refused where a domain or a secret of an allow list is wrong, by its path, and no secret is shown", async () => {
    const domains = [
      ...[
        "*.example.com",
        "10.0.0.1",
        "a.example:443",
        "https://a.example",
        "a.example/x",
        "localhost",
        "a\\u0000.example",
      ],
      ...["a b.example", "\\u0430pple.example", "a.example"],
    ];
    const secrets = [
      ["b.example", "TOKEN", "hunter2-elsewhere"],
      ["a.example", "1TOKEN", "hunter2-name"],
      ["a.example", "PATH", "hunter2-path"],
      ["a.example", "TOKEN", "hunter2\\r\\n"],
      ["a.example", "TWICE", "hunter2-one"],
      ["a.example", "TWICE", "hunter2-two"],
    ].map(([domain, name, value]) => `{ domain: "${domain}", name: "${name}", value: "${value}" }`);
    const policy = (...of: [string[], string[]]) =>
      `networkPolicy: { type: "allowlist", allowedDomains: [${of[0].map((name) => `"${name}"`)}], domainSecrets: [${of[1]}] }`;
    const found = await problems(`{ ${docker}, ${policy(domains, secrets)} }`);
    const kinds = [
      "a wildcard",
      "an IP address",
      "a port after the name",
      "a URL with its scheme",
      "a path or query after the name",
    ];
    const exact = 'expected an exact host name such as "api.github.com"';
    assert.deepEqual(found, [
      ...[
        ...kinds,
        "a name of a single label",
        "white space or an invisible character",
        "white space or an invisible character",
      ].map((kind, index) => `OC1003: networkPolicy.allowedDomains[${index}]: got ${kind}, ${exact}`),
      `OC1003: networkPolicy.allowedDomains[8]: got a label that mixes Latin, Cyrillic or Greek letters, ${exact}`,
      "OC1003: networkPolicy.domainSecrets[1].name: got text of 6 characters, expected the name of an environment variable, such as API_KEY",
      "OC1003: networkPolicy.domainSecrets[3].value: got text with CR, LF or NUL, expected text without",
      "OC1004: networkPolicy.domainSecrets[5].name: got a name that another secret has for the same domain, expected each name once for a domain",
    ]);
    assert.deepEqual(await problems(`{ ${docker}, ${policy(["a.example"], secrets.slice(0, 3))} }`), [
      "OC1003: networkPolicy.domainSecrets[1].name: got text of 6 characters, expected the name of an environment variable, such as API_KEY",
      "OC1004: networkPolicy.domainSecrets[0].domain: got a domain that is not allowed, expected one of networkPolicy.allowedDomains",
    ]);
    assert.deepEqual(await problems(`{ ${docker}, ${policy(["a.example"], secrets.slice(2, 3))} }`), [
      'OC1005: networkPolicy.domainSecrets[0].name: got "PATH", which a sandbox on Docker sets itself, expected another name',
    ]);
    assert.deepEqual(await problems(`{ ${docker}, ${policy([], [])} }`), [
      "OC1003: networkPolicy.allowedDomains: got an empty list, expected at least 1 member",
    ]);
    const { text } = await stack
      .program(`new Container("box", { ${docker}, ${policy(domains, secrets)} });`)
      .run(["preview", "--diff"]);
    assert.doesNotMatch(text, /hunter2/);
  });

  it("is refused with another backend's options, and with a setting that names no backend", async () => {
    assert.deepEqual(await problems(`{ docker: { image: "alpine" } }`), [
      "OC1005: docker: got a value, which the openai backend does not support, expected none",
    ]);
    await stack.ok("config", "set", "openai-containers:backend", "dcoker");
    assert.deepEqual(await problems("{}"), ['OC1006: openai-containers:backend must be "openai" or "docker"']);
    // A setting fails those that use it, and no others.
    await stack.program(`new Container("box", { ${docker} });`).preview();
    await stack.ok("config", "rm", "openai-containers:backend");
  });

  it("is refused where it wants to import", async () => {
    const { code, text } = await stack
      .program(`new Container("box", { ${docker} }, { import: "cntr_1" });`)
      .run(["preview"]);
    assert.notEqual(code, 0);
    assert.match(text, /Container box: the import option is not offered by this release; Container\.get reads/);
    assert.doesNotMatch(text, /\n\s+at /);
  });

  it("may be unknown in a preview, at any depth", async () => {
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

  it("may be secret, and is in clear nowhere in previews, output and state", async () => {
    const secret = `${stack.prefix}-classified`;
    stack.program(`new Container("box", { ${docker}, name: pulumi.secret("${secret}") });`);
    const shown = [await stack.ok("preview", "--diff"), JSON.stringify(await stack.preview()), await stack.up()];
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
