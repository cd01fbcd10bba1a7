import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { importPluginIn, ProviderProcess } from "../support/host/provider-process";
import { link, newFolder } from "../support/packages";
import { createByHttp } from "../support/raw-containers";
import { Stack } from "../support/stack";
import { hostedTestBackend } from "../support/test-backend";

const execute = promisify(execFile);
const installed = () => import("../../scripts/set-up/installed.mjs");

describe("the published package", () => {
  const folder = newFolder();
  let modules: string;
  let lowest: string;
  let backend: Awaited<ReturnType<typeof hostedTestBackend>>;

  before(async () => {
    const { installAtLowest, lowestSdk } = await installed();
    lowest = lowestSdk();
    modules = await installAtLowest(join(folder, "npm"));
    backend = await hostedTestBackend();
  });
  after(async () => {
    await backend.stop();
    rmSync(folder, { recursive: true });
  });

  const manifest = (name: string) => readFileSync(join(modules, name, "package.json"), "utf8");

  it("has no installation scripts", () => {
    const { scripts } = z
      .object({ scripts: z.record(z.string(), z.string()) })
      .parse(JSON.parse(manifest("pulumi-openai-containers")));
    const run = ["prepare", "preinstall", "install", "postinstall"].filter((name) => name in scripts);
    assert.deepEqual(run, []);
  });

  it("works with the lowest SDK that its peer dependency allows: up, preview, destroy", async () => {
    assert.equal(JSON.parse(manifest("@pulumi/pulumi")).version, lowest);
    const stack = newStack();
    stack.program(`exports.id = new Container("box", { name: "${stack.prefix}" }).id;`).init();
    assert.match(await stack.up(), /Container box created/);
    assert.match(await stack.ok("preview"), /2 unchanged/);
    await stack.destroy();
    assert.deepEqual(await backend.inventory(stack.prefix), []);
    await stack.end(backend.holder);
  });

  it("starts the import plugin on the lowest SDK, which reads a container by its id", async () => {
    const id = await createByHttp(backend.emulator, { name: "by hand" });
    const run = await ProviderProcess.start(dirname(modules), backend.env, {}, importPluginIn(modules));
    try {
      const urn = "urn:pulumi:dev::project::pulumi-nodejs:dynamic/openai-containers:Container::box";
      const { inputs } = await run.import(urn, id);
      assert.equal(inputs["name"], "by hand");
    } finally {
      await run.end();
    }
  });

  it("reports that Container.get needs a newer SDK", async () => {
    const stack = newStack();
    const { text } = await stack.program('Container.get("got", "cntr_1");').init().run(["preview"]);
    assert.match(
      text,
      new RegExp(
        `error: OC4002: Container got: Container.get needs @pulumi/pulumi 3.268.0 or newer: this program uses ${lowest}\\.`,
      ),
    );
    assert.doesNotMatch(text, /\n\s+at /);
    rmSync(stack.folder, { recursive: true });
  });

  /** With these flags each rejects a package that requires another Node; Yarn 1 does so by default. */
  const others = {
    "pnpm@10": ["pnpm", "install", "--prefer-offline", "--ignore-scripts", "--config.engine-strict=true"],
    "yarn@1": ["yarn", "install", "--prefer-offline", "--ignore-scripts", "--no-progress"],
  };
  for (const [manager, command] of Object.entries(others)) {
    it(`can be installed with ${manager}, loaded, and started as import plugin`, async () => {
      const { pack } = await installed();
      const program = join(folder, manager);
      mkdirSync(program);
      // Yarn 1 caches an unpacked tarball by its path relative to the program.
      const tarball = await pack(mkdtempSync(join(folder, "packed-")));
      const dependencies = { "pulumi-openai-containers": `file:${tarball}`, "@pulumi/pulumi": "^3.268.0" };
      writeFileSync(join(program, "package.json"), JSON.stringify({ private: true, dependencies }));
      const { stdout } = await execute("npm", ["config", "get", "registry"]);
      const env = { ...process.env, npm_config_registry: stdout.trim() };
      await execute("npm", ["exec", "--yes", `--package=${manager}`, "--", ...command], { cwd: program, env });
      const script = `
        require("pulumi-openai-containers");
        require("pulumi-openai-containers/emulator");
        console.log(typeof require("pulumi-openai-containers/provider").provider.check);`;
      assert.equal((await execute(process.execPath, ["-e", script], { cwd: program })).stdout, "function\n");
      const plugin = await ProviderProcess.start(program, {}, {}, importPluginIn(join(program, "node_modules")));
      await plugin.end();
    });
  }

  /** A stack whose program uses the installed package and SDK. */
  function newStack(): Stack {
    const stack = new Stack(backend.env);
    rmSync(join(stack.folder, "node_modules"), { recursive: true });
    for (const name of ["pulumi-openai-containers", "@pulumi/pulumi"]) link(stack.folder, name, join(modules, name));
    return stack;
  }
});
