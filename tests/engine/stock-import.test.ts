import assert from "node:assert/strict";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../sdk/emulator";
import { resourceType } from "../../sdk/resource-type";
import { engine, image } from "../support/docker";
import { key } from "../support/hosted";
import { createByHttp, RawContainers } from "../support/raw-containers";
import { Stack } from "../support/stack";

const guide = readFileSync(join(__dirname, "../../docs/import.md"), "utf8");
/** The lines for Pulumi.yaml, as the guide has them. */
const optIn = /```yaml\n(plugins:\n[\s\S]+?)```/.exec(guide)?.[1] ?? assert.fail("the guide has no plugins setting");

describe("pulumi import TYPE NAME ID", function () {
  this.timeout(240_000);
  let emulator: Emulator;
  let stack: Stack;
  let raw: RawContainers;
  let fetcher: string;
  let tools: string;

  before(async () => {
    emulator = await startEmulator();
    stack = new Stack({ OPENAI_API_KEY: key, OPENAI_BASE_URL: emulator.baseUrl });
    program("4g").init();
    raw = new RawContainers((await engine()).client, stack.prefix);
    tools = await raw.run("tools");
    const allowed = { type: "allowlist", allowed_domains: ["api.github.com"] };
    fetcher = await createByHttp(emulator, { name: "fetcher", memory_limit: "4g", network_policy: allowed });
  });
  after(async () => {
    await raw.removeAll();
    await stack.end({ containers: () => [] }); // the emulator and the engine are checked below
    await emulator.stop();
  });

  const pulumiImport = (name: string, id: string, ...args: string[]) =>
    stack.run(["import", resourceType, name, id, "--yes", "--skip-preview", ...args]);
  const program = (memoryLimit: string) =>
    stack.program(`
      const networkPolicy = { type: "allowlist", allowedDomains: ["api.github.com"] };
      new Container("fetcher", { name: "fetcher", memoryLimit: "${memoryLimit}", networkPolicy });
      new Container("tools", { name: "${stack.prefix}-tools", backend: "docker", docker: { image: "${image}" } });`);

  it("fails without the import plugin, with an error that the guide quotes", async () => {
    const error = "code must be a string, not undefined";
    const { code, text } = await pulumiImport("fetcher", fetcher);
    assert.notEqual(code, 0);
    assert.ok(text.includes(error), text);
    assert.ok(guide.includes(error));
    appendFileSync(join(stack.folder, "Pulumi.yaml"), optIn);
  });

  it("imports a hosted container, and generates its code", async function () {
    const { code, text } = await pulumiImport("fetcher", fetcher);
    assert.match(text, /= 1 imported/);
    // A language host that was built from Go modules generates no code.
    if (text.includes("GenerateProgram not implemented")) this.skip();
    assert.equal(code, 0, text);
    assert.match(text, /import \* as \w+ from "pulumi-openai-containers";/);
    assert.match(text, /new \w+\.Container\("fetcher", \{\n {4}backend: "openai",\n/);
    assert.match(text, /\n {4}memoryLimit: "4g",\n/);
    assert.match(text, /allowedDomains: \["api\.github\.com"\]/);
  });

  it("imports a container that this package did not create by its name on Docker, with a warning", async () => {
    const { code, text } = await pulumiImport("tools", `docker:${stack.prefix}-tools`, "--generate-code=false");
    assert.equal(code, 0, text);
    assert.match(text, new RegExp(`OC2409: container ${tools} is imported as it is, without idle expiry`));
  });

  it("refuses a container that is not there and one that no arguments describe, and imports neither", async () => {
    const open = await raw.run("open", { HostConfig: { NetworkMode: "bridge" } });
    const resources = [
      { type: resourceType, name: "gone", id: "cntr_gone" },
      { type: resourceType, name: "open", id: `docker:${open}` },
    ];
    writeFileSync(join(stack.folder, "import.json"), JSON.stringify({ resources }));
    const args = ["--file", "import.json", "--yes", "--skip-preview", "--generate-code=false"];
    const { code, text } = await stack.run(["import", ...args]);
    assert.notEqual(code, 0);
    assert.match(text, /OC2401: Cannot import cntr_gone: there is no such container at openai:/);
    assert.match(text, new RegExp(`OC2402: Cannot import ${open}: it is on the network`));
    assert.doesNotMatch(text, /\n\s+at /);
    assert.deepEqual(
      stack
        .containers()
        .map(({ id }) => id)
        .sort(),
      [fetcher, tools].sort(),
    );
  });

  it("leaves the matching program unchanged, and a changed one replaces what it changes", async () => {
    const { steps } = await program("4g").preview("--show-sames");
    assert.deepEqual([...new Set(steps.map(({ op }) => op))], ["same"]);
    assert.match(await program("1g").up(), /\+-1 replaced\n +2 unchanged/);
    assert.deepEqual(
      emulator.containers().map(({ id, memory_limit }) => [id === fetcher, memory_limit]),
      [[false, "1g"]],
    );
  });

  it("destroys what it imported and what replaced it", async () => {
    await stack.destroy();
    assert.deepEqual(emulator.containers(), []);
    assert.ok(!(await raw.ids()).includes(tools));
  });
});
