import assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../sdk/emulator";

const headers = { authorization: "Bearer key" };

describe("the emulator's control API", () => {
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

  it("reports requests and containers by account, and is not logged as a request", async () => {
    emulator.seed([{ name: "a" }], "org-a/-");
    emulator.seed([{ name: "b" }, { name: "c" }]);
    await fetch(`${emulator.baseUrl}/containers`, { headers });
    assert.deepEqual((await control("GET", "requests")).json(), emulator.requests);
    assert.deepEqual((await control("GET", "containers")).json(), {
      "org-a/-": emulator.containers("org-a/-"),
      "-/-": emulator.containers(),
    });
    assert.equal(emulator.requests.length, 1);
  });

  it("advances the clock", async () => {
    emulator.seed([{ name: "a" }]);
    assert.equal((await control("POST", "clock", '{"advanceMinutes": 19}')).status, 204);
    assert.equal(emulator.containers()[0]?.status, "running");
    assert.equal((await control("POST", "clock", '{"advanceMinutes": 1}')).status, 204);
    assert.equal(emulator.containers()[0]?.status, "expired");
  });

  it("adds and removes faults", async () => {
    const list = async () => (await fetch(`${emulator.baseUrl}/containers`, { headers })).status;
    assert.equal((await control("POST", "faults", '{"answer": {"status": 503}, "times": 2}')).status, 204);
    assert.equal(await list(), 503);
    assert.equal((await control("DELETE", "faults")).status, 204);
    assert.equal(await list(), 200);
  });

  it("rejects invalid bodies with the reason, and unknown endpoints", async () => {
    for (const [path, body, message] of [
      ["clock", '{"advanceMinutes": -5}', /advanceMinutes/],
      ["clock", '{"advanceMinutes": 1e99}', /year 9999/],
      ["clock", '{"minutes": 5}', /advanceMinutes/],
      ["clock", "soon", /not valid JSON/],
      ["faults", '{"answer": "cutt"}', /Expected "cut", "truncated", "hang"/],
      ["faults", '{"answer": "cut", "paths": "/"}', /paths/],
    ] as const) {
      const { status, text } = await control("POST", path, body);
      assert.equal(status, 400);
      assert.match(text, message);
    }
    assert.equal((await control("GET", "nothing")).status, 404);
    assert.deepEqual(emulator.requests, []);
    assert.equal((await fetch(`${emulator.baseUrl}/containers`, { headers })).status, 200);
  });
});
