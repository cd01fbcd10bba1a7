import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type Emulator, startEmulator } from "../../sdk/emulator";
import { engine, image } from "../support/docker";
import { key } from "../support/hosted";
import { Stack } from "../support/stack";

const execute = promisify(execFile);

describe("the example of skills", function () {
  this.timeout(240_000);
  let emulator: Emulator;
  let stack: Stack;

  before(async () => {
    emulator = await startEmulator();
    stack = new Stack({ OPENAI_API_KEY: key, OPENAI_BASE_URL: emulator.baseUrl }).example("skills").init();
    stack.configure("image", image);
  });
  after(async () => {
    await stack.destroy();
    await stack.end((await engine()).client);
    assert.deepEqual(emulator.containers(), []);
    await emulator.stop();
  });

  it("shows the files of its skill inside a sandbox on Docker", async () => {
    await stack.up();
    const { stdout } = await execute("npm", ["run", "--silent", "proof"], { cwd: stack.folder, env: stack.env });
    assert.match(stdout, /^\/home\/oai\/skills\/house-style-[\da-f]{32}\n/);
    assert.match(stdout, /^-r--r--r-- 1 root root +\d+ .* SKILL\.md$/m);
    assert.match(stdout, /\n# Q3 sales\n\n_Example company, internal_\n$/);
  });

  it("sends its skill as a zip to the hosted API, in place of the sandbox on Docker", async () => {
    stack.configure("backend", "openai");
    assert.match(await stack.up(), /\+-1 replaced/);
    const [{ id } = assert.fail("there is no container"), ...more] = emulator.containers();
    assert.deepEqual(more, []);
    const [skill] = emulator.bodyOf(id)?.skills ?? [];
    assert.ok(skill?.type === "inline");
    assert.equal(skill.name, "house-style");
    const zip = Buffer.from(skill.source.data, "base64").toString("latin1");
    for (const path of ["SKILL.md", "scripts/heading.sh"]) assert.ok(zip.includes(`house-style/${path}`), path);
  });
});
