import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Emulator, startEmulator } from "../../sdk/emulator";
import { engine } from "../support/docker";
import { key } from "../support/hosted";
import { createByHttp, RawContainers } from "../support/raw-containers";
import { Stack } from "../support/stack";

const execute = promisify(execFile);
const command = join(__dirname, "../../dist/sdk/cli/index.js");
const fourGib = 4 * 2 ** 30;

describe("the example of an import", function () {
  this.timeout(240_000);
  let emulator: Emulator;
  let stack: Stack;
  let raw: RawContainers;

  before(async () => {
    emulator = await startEmulator();
    stack = new Stack({ OPENAI_API_KEY: key, OPENAI_BASE_URL: emulator.baseUrl }).example("import").init();
    raw = new RawContainers((await engine()).client, stack.prefix);
  });
  after(async () => {
    await raw.removeAll();
    await stack.end({ containers: () => [] }); // the emulator and the engine are checked below
    await emulator.stop();
  });

  it("takes three containers that were created by hand into a stack by one command, and replaces none", async () => {
    const crawler = await raw.run("crawler");
    const notebook = await raw.run("notebook", { HostConfig: { Memory: fourGib, MemorySwap: fourGib } });
    const analysis = await createByHttp(emulator, {
      name: "analysis",
      expires_after: { anchor: "last_active_at", minutes: 5 },
    });

    const ids = [`${stack.prefix}-crawler`, notebook, analysis].flatMap((id) => ["--id", id]);
    const args = ["import", "--backend", "docker", "--backend", "openai", ...ids, "--run"];
    const { stdout } = await execute(process.execPath, [command, ...args], { cwd: stack.folder, env: stack.env });
    assert.match(stdout, /^3 imported, 3 unchanged$/m);
    assert.match(readFileSync(join(stack.folder, "sandboxes.ts"), "utf8"), /new Container\(\n {2}"analysis",/);

    assert.match(await stack.up(), /\n +4 unchanged\n/);
    const there = [...(await raw.ids()), ...emulator.containers().map(({ id }) => id)];
    assert.deepEqual(there.sort(), [crawler, notebook, analysis].sort());
    assert.deepEqual(
      stack
        .containers()
        .map(({ id }) => id)
        .sort(),
      there,
    );
  });

  it("destroys them once they are not protected any more", async () => {
    await stack.ok("state", "unprotect", "--all", "--yes");
    await stack.destroy();
    assert.deepEqual([await raw.ids(), emulator.containers()], [[], []]);
  });
});
