import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { z } from "zod";
import { Stack } from "../support/stack";

const command = join(__dirname, "../../dist/sdk/cli/index.js");
const log = z.array(z.object({ method: z.string(), path: z.string() }));
const inventory = z.record(z.string(), z.array(z.object({ id: z.string(), status: z.string() })));

/** Run as in its README: the emulator in one terminal, Pulumi in another, curl in a third. */
describe("the hosted example against the emulator", function () {
  this.timeout(180_000);
  let emulator: ChildProcess;
  let url = "";
  let stack: Stack;
  let counted = 0;

  const ask = (path: string, body?: object) =>
    fetch(`${url}/emulator/${path}`, body && { method: "POST", body: JSON.stringify(body) });

  /** The requests since the last call: `GET list`, `GET one`, `POST`, `DELETE`. */
  async function requests(): Promise<string[]> {
    const all = log.parse(await (await ask("requests")).json());
    const since = all.slice(counted);
    counted = all.length;
    return since
      .map(({ method, path }) => (method === "GET" ? (path === "/v1/containers" ? "GET list" : "GET one") : method))
      .sort();
  }

  before(async () => {
    emulator = spawn(process.execPath, [command, "emulator", "--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
    const [greeting] = await once(emulator.stdout ?? assert.fail(), "data");
    url = /OPENAI_BASE_URL=(\S+)\/v1 OPENAI_API_KEY=any/.exec(String(greeting))?.[1] ?? assert.fail(String(greeting));
    stack = new Stack({ OPENAI_BASE_URL: `${url}/v1`, OPENAI_API_KEY: "any" });
    stack.example("hosted").init();
  });
  after(async () => {
    await stack.end({ containers: () => [] }); // the emulator is checked below
    const ended = once(emulator, "exit");
    emulator.kill("SIGTERM");
    assert.deepEqual(await ended, [0, null]);
  });

  it("passes up, replacement, expiry, up and destroy, without needless requests", async () => {
    assert.match(await stack.up(), /\+ 3 created/);
    assert.deepEqual(await requests(), ["POST", "POST"]);

    assert.match(await stack.up(), /3 unchanged/);
    assert.deepEqual(await requests(), ["GET list"]);

    stack.configure("memoryLimit", "4g");
    assert.match(await stack.up(), /\+-1 replaced\n +2 unchanged/);
    assert.deepEqual(await requests(), ["DELETE", "GET list", "POST"]);

    await ask("clock", { advanceMinutes: 20 });
    assert.match(await stack.up(), /\+-2 replaced\n +1 unchanged/);
    assert.deepEqual(await requests(), ["DELETE", "DELETE", "GET list", "POST", "POST"]);

    assert.match(await stack.up(), /3 unchanged/);
    assert.deepEqual(await requests(), ["GET list"]);
    const { "-/-": alive = [] } = inventory.parse(await (await ask("containers")).json());
    assert.deepEqual(
      alive.map(({ status }) => status),
      ["running", "running"],
    );

    await stack.ok("destroy", "--yes", "--skip-preview");
    assert.deepEqual(await requests(), ["DELETE", "DELETE"]);
    assert.deepEqual(await (await ask("containers")).json(), { "-/-": [] });
  });
});
