import assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../sdk/emulator";
import { key } from "../support/hosted";
import { Stack } from "../support/stack";
import { upWarnings } from "../support/stack-warnings";

describe("OPENAI_CONTAINERS_DEBUG=1 in a stack", function () {
  this.timeout(120_000);
  let emulator: Emulator;
  let stack: Stack;
  before(async () => {
    emulator = await startEmulator();
    const env = { OPENAI_API_KEY: key, OPENAI_BASE_URL: emulator.baseUrl, OPENAI_CONTAINERS_DEBUG: "1" };
    stack = await new Stack(env).program('new Container("plain");').init();
  });
  after(() => stack.end(emulator).finally(() => emulator.stop()));

  it("prints a line for each API call under Diagnostics, at the stack", async () => {
    const lines = upWarnings(await stack.up());
    assert.equal(lines.length, 1, lines.join("\n"));
    assert.match(
      lines[0] ?? "",
      /^\S+-dev: openai-containers: \S+Z openai POST \/containers 200 \d+ ms req_\w+ cntr_\w+$/,
    );
  });
});
