import assert from "node:assert/strict";
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { main } from "../../sdk/cli/main";
import { type Emulator, startEmulator } from "../../sdk/emulator";

const key = { authorization: "Bearer key", "content-type": "application/json" };

describe("the emulator's control", () => {
  let emulator: Emulator;
  beforeEach(async () => {
    emulator = await startEmulator();
  });
  afterEach(() => emulator.stop());

  async function control(method: string, path: string, body?: string) {
    const url = new URL(`/emulator/${path}`, emulator.baseUrl);
    const response = await fetch(url, body === undefined ? { method } : { method, body });
    const text = await response.text();
    return { status: response.status, text, json: () => JSON.parse(text) };
  }

  it("tells of requests and of containers, and is no request itself", async () => {
    emulator.seed([{ name: "a" }], "org-a/-");
    emulator.seed([{ name: "b" }, { name: "c" }]);
    await fetch(`${emulator.baseUrl}/containers`, { headers: key });
    assert.deepEqual((await control("GET", "requests")).json(), emulator.requests);
    assert.deepEqual((await control("GET", "containers")).json(), {
      "org-a/-": emulator.containers("org-a/-"),
      "-/-": emulator.containers(),
    });
    assert.equal(emulator.requests.length, 1);
  });

  it("lets time pass", async () => {
    emulator.seed([{ name: "a" }]);
    assert.equal((await control("POST", "clock", '{"advanceMinutes": 19}')).status, 204);
    assert.equal(emulator.containers()[0]?.status, "running");
    assert.equal((await control("POST", "clock", '{"advanceMinutes": 1}')).status, 204);
    assert.equal(emulator.containers()[0]?.status, "expired");
  });

  it("sets faults, and takes them back", async () => {
    const ask = async () => (await fetch(`${emulator.baseUrl}/containers`, { headers: key })).status;
    assert.equal((await control("POST", "faults", '{"answer": {"status": 503}, "times": 2}')).status, 204);
    assert.equal(await ask(), 503);
    assert.equal((await control("DELETE", "faults")).status, 204);
    assert.equal(await ask(), 200);
  });

  it("says what is wrong with what it is told", async () => {
    for (const [path, body, message] of [
      ["clock", '{"advanceMinutes": -5}', /advanceMinutes/],
      ["clock", '{"minutes": 5}', /advanceMinutes/],
      ["clock", "soon", /no JSON/],
      ["faults", '{"answer": "cutt"}', /Expected "cut", "truncated", "hang"/],
      ["faults", '{"answer": "cut", "paths": "/"}', /paths/],
    ] as const) {
      const { status, text } = await control("POST", path, body);
      assert.equal(status, 400);
      assert.match(text, message);
    }
    assert.equal((await control("GET", "nothing")).status, 404);
    assert.deepEqual(emulator.requests, []);
  });
});

describe("openai-containers emulator", () => {
  let child: ChildProcessWithoutNullStreams | undefined;
  let said = "";
  afterEach(() => child?.kill("SIGKILL"));

  /** What the process has said, once that matches. */
  async function until(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(said);
      if (found) return found;
      assert.ok(child?.exitCode === null, said);
      await once(child.stdout, "data");
    }
  }

  /** The exit code, and all that was printed. */
  async function ran(...args: string[]): Promise<[exitCode: number, out: string, err: string]> {
    let [out, err] = ["", ""];
    const exitCode = await main(args, {
      tell: (text) => {
        out += text;
      },
      complain: (text) => {
        err += text;
      },
    });
    return [exitCode, out, err];
  }

  it("says how to use it, tells of each request, and ends when told, though a request waits", async () => {
    const program = ["-r", "ts-node/register/transpile-only", join(__dirname, "../../sdk/cli/index.ts")];
    const options = ["emulator", "--port", "0", "--maximum-minutes", "5"];
    child = spawn(process.execPath, [...program, ...options]);
    child.stdout.on("data", (chunk) => {
      said += chunk;
    });
    const [, baseUrl = ""] = await until(/export OPENAI_BASE_URL=(\S+) OPENAI_API_KEY=any\n.*\n\n$/s);
    const body = '{"name": "a", "expires_after": {"anchor": "last_active_at", "minutes": 6}}';
    await fetch(`${baseUrl}/containers`, { method: "POST", headers: key, body });
    await until(/\n\d\d:\d\d:\d\d POST \/v1\/containers 400 req_[0-9a-f]{32}\n$/);
    await fetch(`${baseUrl}/containers?limit=1`, { headers: key });
    await until(/\n\d\d:\d\d:\d\d GET \/v1\/containers\?limit=1 200 req_[0-9a-f]{32}\n$/);

    const fault = '{"afterWork": true, "answer": {"delayMs": 1000000}}';
    await fetch(new URL("/emulator/faults", baseUrl), { method: "POST", body: fault });
    const waiting = assert.rejects(
      fetch(`${baseUrl}/containers`, { method: "POST", headers: key, body: '{"name": "a"}' }),
    );
    while (!(await (await fetch(new URL("/emulator/containers", baseUrl))).text()).includes("cntr_"));
    child.kill("SIGTERM");
    await waiting;
    assert.deepEqual(await once(child, "exit"), [0, null]);
  });

  it("says in one line that a port is taken", async () => {
    const other = await startEmulator();
    const { port } = new URL(other.baseUrl);
    const taken = await ran("emulator", "--port", port).finally(() => other.stop());
    assert.deepEqual(taken, [1, "", `Port ${port} is in use: choose another with --port.\n`]);
  });

  it("prints the usage where asked", async () => {
    const [exitCode, out, err] = await ran("--help");
    assert.deepEqual([exitCode, err], [0, ""]);
    assert.match(out, /^Usage: openai-containers <command>.*\n {2}emulator {4}a local server/s);
    assert.match((await ran("emulator", "--port", "1", "--help"))[1], /^Usage: openai-containers emulator/);
  });

  const mistakes: [said: RegExp, ...args: string[]][] = [
    [/^Usage: openai-containers <command>/],
    [/^There is no command dubble\.\n\nUsage: openai-containers <command>/, "dubble"],
    [/^--port takes a whole number from 0 to 65535, not 65536\.\n\nUsage:/, "emulator", "--port", "65536"],
    [/^--maximum-minutes takes a whole number from 1 on, not 0\.\n\nUsage:/, "emulator", "--maximum-minutes", "0"],
    [/'--prot'.*Usage: openai-containers emulator/s, "emulator", "--prot", "1"],
  ];
  for (const [text, ...args] of mistakes) {
    it(`explains itself after openai-containers ${args.join(" ")}`, async () => {
      const [exitCode, out, err] = await ran(...args);
      assert.deepEqual([exitCode, out], [2, ""]);
      assert.match(err, text);
    });
  }
});
