import assert from "node:assert/strict";
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { startEmulator } from "../../sdk/emulator";
import { runMain } from "../support/run-main";

const command = join(__dirname, "../../dist/sdk/cli/index.js");
const headers = { authorization: "Bearer key", "content-type": "application/json" };

describe("openai-containers emulator", () => {
  let child: ChildProcessWithoutNullStreams | undefined;
  let printed = "";
  afterEach(() => child?.kill("SIGKILL"));

  /** Waits until the output matches. */
  async function until(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(printed);
      if (found) return found;
      assert.ok(child?.exitCode === null, printed);
      await once(child.stdout, "data");
    }
  }

  it("prints its address and each request, and stops at SIGTERM while a request waits", async () => {
    child = spawn(process.execPath, [command, "emulator", "--port", "0", "--maximum-minutes", "5"]);
    child.stdout.on("data", (chunk) => {
      printed += chunk;
    });
    const [, baseUrl = ""] = await until(/export OPENAI_BASE_URL=(\S+) OPENAI_API_KEY=any\n.*\n\n$/s);
    const body = '{"name": "a", "expires_after": {"anchor": "last_active_at", "minutes": 6}}';
    await fetch(`${baseUrl}/containers`, { method: "POST", headers, body });
    await until(/\n\d\d:\d\d:\d\d POST \/v1\/containers 400 req_[0-9a-f]{32}\n$/);
    await fetch(`${baseUrl}/containers?limit=1`, { headers });
    await until(/\n\d\d:\d\d:\d\d GET \/v1\/containers\?limit=1 200 req_[0-9a-f]{32}\n$/);

    const fault = '{"afterWork": true, "answer": {"delayMs": 1000000}}';
    await fetch(new URL("/emulator/faults", baseUrl), { method: "POST", body: fault });
    const waiting = assert.rejects(fetch(`${baseUrl}/containers`, { method: "POST", headers, body: '{"name": "a"}' }));
    while (!(await (await fetch(new URL("/emulator/containers", baseUrl))).text()).includes("cntr_"));
    child.kill("SIGTERM");
    await waiting;
    assert.deepEqual(await once(child, "exit"), [0, null]);
  });

  it("fails with OC5007 where the port is in use", async () => {
    const other = await startEmulator();
    const { port } = new URL(other.baseUrl);
    const ran = await runMain(["emulator", "--port", port]).finally(() => other.stop());
    assert.deepEqual(ran, [1, "", `OC5007: Port ${port} is in use. Choose another port with --port.\n`]);
  });
});
