import assert from "node:assert/strict";
import type { ApiResponse } from "../../sdk/emulator";
import { CountedEmulator } from "../support/counted-emulator";
import { named } from "../support/create-context";
import { hosted, hostedArgs, quick } from "../support/hosted";
import { silent } from "../support/silent";

describe("reading live state of the hosted API, when a request fails", () => {
  let account: CountedEmulator;

  beforeEach(async () => {
    account = await CountedEmulator.start();
  });
  afterEach(() => account.stop());

  const losses: Record<string, ApiResponse | "cut" | "truncated" | "hang"> = {
    "the connection is cut": "cut",
    "the response is cut in the middle": "truncated",
    "no response comes": "hang",
    "the API fails": { status: 502 },
    "a gateway times out": { status: 408 },
    "the rate limit is exceeded": { status: 429, headers: { "retry-after": "0" } },
  };
  for (const [what, answer] of Object.entries(losses)) {
    it(`retries where ${what}`, async () => {
      await account.stop();
      account = await CountedEmulator.start({ listLagSeconds: 60 });
      const [one] = account.seed(1, 60);
      const { id } = await account.backend.create(hostedArgs("analysis"), silent, named); // it is in no list yet
      assert.ok(one);
      account.emulator.fault({ path: "/v1/containers", answer });
      account.emulator.fault({ path: "/v1/containers/*", answer });
      assert.equal((await account.observe(one))?.id, one.id);
      assert.equal((await account.backend.observe(id, {}, silent))?.id, id);
      assert.deepEqual(account.requestCounts(), { lists: 2, gets: 2 });
    });
  }

  it("fails at a 404 that is not the API's about the container", async () => {
    const invalidUrl = { error: { message: "Invalid URL (GET /v2)", code: null, param: null } };
    for (const body of [invalidUrl, "<html>Not found</html>", "Not found"]) {
      account.emulator.fault({ path: "/v1/containers/*", answer: { status: 404, body } });
      await assert.rejects(
        account.backend.observe("cntr_1", {}, silent),
        /OC2(109|113): .*HTTP 404.*Correct OPENAI_BASE_URL/,
      );
    }
  });

  it("fails where the response is not a container", async () => {
    for (const [body, what] of [
      [{ ok: true }, "an unexpected response"],
      ["\n <html>", "a web page"],
    ] as const) {
      account.emulator.fault({ path: "/v1/containers/*", answer: { status: 200, body } });
      await assert.rejects(
        account.backend.observe("cntr_1", {}, silent),
        new RegExp(`^BackendError: OC2109: .* is not the Containers API: it sent ${what}\\. Correct OPENAI_BASE_URL`),
      );
    }
  });

  it("neither retries nor caches a rejected request", async () => {
    const [one] = account.seed(1, 60);
    assert.ok(one);
    account.emulator.fault({ answer: { status: 403, body: { error: { message: "No.", code: null, param: null } } } });
    await assert.rejects(account.observe(one), /HTTP 403/);
    assert.equal(account.requestCounts().lists, 1);
    assert.equal((await account.observe(one))?.id, one.id);
  });

  it("cancels retries at shutdown", async () => {
    await account.stop();
    const ending = new AbortController();
    account = await CountedEmulator.start({ onRequest: () => setImmediate(() => ending.abort()) });
    const backend = await hosted(account.emulator.baseUrl, {}, { ...quick, retryDelaysMs: [3_600_000] }, ending.signal);
    account.emulator.fault({ answer: "cut" });
    await assert.rejects(backend.observe("cntr_1", {}, silent), /^BackendError: OC2133: /);
    assert.equal(account.emulator.requests.length, 1);
  });

  it("does not repeat a failed list for each container", async () => {
    const ours = account.seed(5, 60);
    account.emulator.fault({ answer: { status: 500 }, times: 1_000 });
    for (const one of ours) await assert.rejects(account.observe(one), /HTTP 500/);
    assert.equal(account.emulator.requests.length, 5); // one and its four repetitions
  });

  it("fails where a web page replaces a list", async () => {
    const [one] = account.seed(1, 60);
    assert.ok(one);
    account.emulator.fault({ answer: { status: 200, body: "<html>" } });
    await assert.rejects(account.observe(one), /OC2109: .* is not the Containers API: it sent a web page/);
  });
});
