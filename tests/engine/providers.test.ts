import assert from "node:assert/strict";
import { image } from "../support/docker";
import { assertLines } from "../support/lines";
import { Stack } from "../support/stack";
import { upWarnings } from "../support/stack-warnings";
import { dockerTestBackend, hostedTestBackend } from "../support/test-backend";

describe("explicit providers: two accounts and an engine in one program", function () {
  this.timeout(300_000);
  let one: Awaited<ReturnType<typeof hostedTestBackend>>;
  let two: Awaited<ReturnType<typeof hostedTestBackend>>;
  let engine: Awaited<ReturnType<typeof dockerTestBackend>>;
  let stack: Stack;
  let all = "";

  async function ok(...args: string[]): Promise<string> {
    const text = await stack.ok(...args);
    all += text;
    return text;
  }

  /** @param providers the settings by provider @param containers the provider by container */
  function program(providers: Record<string, object>, containers: Record<string, string>): void {
    const known = Object.entries(providers).map(
      ([name, settings]) => `const ${name} = new Provider("${name}", ${JSON.stringify(settings)});`,
    );
    const made = Object.entries(containers).map(([name, provider]) => {
      const docker = ["third", "inside"].includes(name) ? `{ docker: { image: "${image}" } }` : "{}";
      return name === "inside"
        ? `new Component("component", (parent) => new Container("${stack.prefix}-inside", ${docker}, { parent }), { providers: [${provider}] });`
        : `new Container("${stack.prefix}-${name}", ${docker}, { ${provider && `provider: ${provider}`} });`;
    });
    stack.program(`
      const { Provider } = require("pulumi-openai-containers");
      class Component extends pulumi.ComponentResource {
        constructor(name, build, options) {
          super("tests:index:Component", name, {}, options);
          build(this);
          this.registerOutputs();
        }
      }
      ${[...known, ...made].join("\n")}`);
  }

  let settings: Record<string, object>;
  const homes = { first: "one", second: "two", third: "local", inside: "local" };
  /** The containers of each account and of the engine, by resource name. */
  async function where(): Promise<Record<string, string[]>> {
    const names = (account: typeof one) =>
      account.emulator.containers().map(({ name }) => name.slice(stack.prefix.length + 1, -9));
    return {
      one: names(one).sort(),
      two: names(two).sort(),
      local: [`${(await engine.inventory(stack.prefix)).length}`],
    };
  }

  before(async () => {
    [one, two, engine] = await Promise.all([hostedTestBackend(), hostedTestBackend(), dockerTestBackend()]);
    // The environment names an account that no provider here uses.
    stack = new Stack({ OPENAI_API_KEY: "sk-CANARY-of-environment", OPENAI_BASE_URL: "http://127.0.0.1:1/v1" });
    settings = {
      one: { apiKey: "sk-CANARY-one", baseUrl: one.emulator.baseUrl },
      two: { apiKey: "sk-CANARY-two", baseUrl: two.emulator.baseUrl, requestsPerMinute: 5000 },
      local: { backend: "docker", dockerHost: engine.env["DOCKER_HOST"] },
    };
    program(settings, homes);
    stack.init();
  });
  after(async () => {
    await stack.end(engine.holder);
    await Promise.all([one.stop(), two.stop(), engine.stop()]);
  });

  it("create each container in its own provider's account or engine, in components too", async () => {
    await ok("up", "--yes", "--skip-preview");
    assert.deepEqual(await where(), { one: ["first"], two: ["second"], local: ["2"] });
  });

  it("show no change in a refresh", async () => {
    assert.match(await ok("refresh", "--yes", "--skip-preview", "--expect-no-changes"), /9 unchanged/);
  });

  it("are updated for a new setting, which replaces no container", async () => {
    const changed = { ...settings, two: { ...settings["two"], requestsPerMinute: 6000, liveness: false } };
    program(changed, homes);
    const text = await ok("preview", "--diff");
    assert.match(text, /~ provider:requestsPerMinute *: "5000" => "6000"/);
    assert.match(text, /~ 1 to update\s+8 unchanged/);
  });

  it("fail for a setting with another account than the recorded one", async () => {
    program({ ...settings, one: { apiKey: "sk-CANARY-one", baseUrl: two.emulator.baseUrl } }, homes);
    const { code, text } = await stack.run(["preview"]);
    all += text;
    assert.notEqual(code, 0);
    const [here, there] = [one.emulator.baseUrl, two.emulator.baseUrl];
    assert.match(
      text,
      new RegExp(`OC2010: Container cntr_\\w+ is at openai:${here}, and this run uses openai:${there}\\. Point`),
    );
    assert.doesNotMatch(text, /\n\s+at /);
  });

  it("replace a container that moves to another account, with a warning, and not one that moves to another provider of the same engine", async () => {
    const { one: _, ...others } = settings;
    const id = one.emulator.containers()[0]?.id;
    program({ ...others, again: { ...settings["local"] } }, { ...homes, first: "two", third: "again" });
    const text = await ok("up", "--yes", "--skip-preview");
    assertLines(upWarnings(text), [
      new RegExp(`^${stack.prefix}-first: OC2009: container ${id} moves to provider "two", .*${one.emulator.baseUrl}`),
    ]);
    assert.match(text, /\+-1 replaced/);
    // The new account's provider created it, and the old one's deleted it.
    assert.deepEqual(await where(), { one: [], two: ["first", "second"], local: ["2"] });
  });

  it("show no API key in output or state", () => {
    assert.doesNotMatch(all + JSON.stringify(stack.state()), /CANARY/);
  });
});

describe("the stack's configuration and an explicit provider", function () {
  this.timeout(300_000);
  let engine: Awaited<ReturnType<typeof dockerTestBackend>>;
  let stack: Stack;

  before(async () => {
    engine = await dockerTestBackend();
    stack = new Stack({ OPENAI_API_KEY: "sk-none", OPENAI_BASE_URL: "http://127.0.0.1:1/v1" });
    stack.program("").init();
    stack.configure("openai-containers:backend", "docker");
    stack.configure("openai-containers:dockerHost", engine.env["DOCKER_HOST"] ?? assert.fail());
    stack.configure("pulumi:disable-default-providers", ["*"]);
  });
  after(async () => {
    await stack.end(engine.holder).finally(() => engine.stop());
  });

  const container = (provider: string) => `
    const { Provider } = require("pulumi-openai-containers");
    new Container("${stack.prefix}-one", { docker: { image: "${image}" } }, { provider: ${provider} });`;

  it("fails for a bare ProviderResource, which would ignore the configuration", async () => {
    stack.program(container('new pulumi.ProviderResource("pulumi-nodejs", "bare", {})'));
    const { code, text } = await stack.run(["preview"]);
    assert.notEqual(code, 0);
    assert.ok(
      text.includes(
        "has a problem: OC1102: The stack's configuration openai-containers:backend, openai-containers:dockerHost does not reach this resource's explicit provider. Use the class Provider",
      ),
      text,
    );
  });

  it("applies to a Provider without arguments, where default providers are disabled", async () => {
    stack.program(container('new Provider("explicit")'));
    await stack.up();
    assert.equal((await engine.inventory(stack.prefix)).length, 1);
  });
});
