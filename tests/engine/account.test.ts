import assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../sdk/emulator";
import { key } from "../support/hosted";
import { Stack } from "../support/stack";

const other = "sk-test-of-another-project";

describe("a key of another project, where none is set", function () {
  this.timeout(120_000);
  let emulator: Emulator;
  let stack: Stack;
  const mine = () => emulator.containers("-/proj_1");

  before(async () => {
    emulator = await startEmulator({ projects: { [key]: "proj_1", [other]: "proj_2" } });
    stack = new Stack({ OPENAI_API_KEY: key, OPENAI_BASE_URL: emulator.baseUrl });
    await stack.program(`new Container("box");`).init();
    await stack.up();
  });
  after(() => stack.end({ containers: mine }).finally(() => emulator.stop()));

  for (const command of ["preview", "up", "refresh", "destroy"]) {
    it(`fails in ${command}, naming both projects, and nothing is forgotten or made`, async () => {
      const [{ id } = assert.fail()] = mine();
      const stranger = new Stack({ OPENAI_API_KEY: other, OPENAI_BASE_URL: emulator.baseUrl }, stack);
      const flags = command === "preview" ? [] : ["--yes", "--skip-preview"];
      const { code, text } = await stranger.run([command, ...flags]);
      assert.notEqual(code, 0);
      assert.match(text, new RegExp(`Container ${id} belongs to project proj_1, and the key of this run to proj_2`));
      assert.deepEqual([mine().length, emulator.containers("-/proj_2").length], [1, 0]);
      assert.equal((await stack.container()).id, id);
    });
  }
});
