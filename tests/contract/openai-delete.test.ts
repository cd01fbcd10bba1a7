import assert from "node:assert/strict";
import type { OpenAIBackend } from "../../provider/backends/openai/openai-backend";
import { type Emulator, type Fault, ManualClock, startEmulator } from "../../sdk/emulator";
import { named } from "../support/create-context";
import { hosted, hostedArgs, quick } from "../support/hosted";
import { silent } from "../support/silent";

describe("OpenAIBackend.delete", () => {
  let emulator: Emulator;
  let backend: OpenAIBackend;

  beforeEach(async () => {
    emulator = await startEmulator();
    backend = await hosted(emulator.baseUrl, {}, { ...quick, responseMs: 1_500 });
  });
  afterEach(() => emulator.stop());

  const fault = { method: "DELETE" };
  const faults: Record<string, Fault> = {
    "the connection is cut before the request is executed": { ...fault, answer: "cut" },
    "the connection is cut after the request was executed": { ...fault, answer: "cut", afterWork: true },
    "the response is cut in the middle": { ...fault, answer: "truncated", afterWork: true },
    "no response comes": { ...fault, answer: "hang", afterWork: true },
    "the API fails": { ...fault, answer: { status: 503 }, times: 3 },
    "the rate limit is exceeded": { ...fault, answer: { status: 429, headers: { "retry-after": "0" } } },
    "the API says that it has expired": {
      ...fault,
      afterWork: true,
      answer: { status: 400, body: { error: { message: "Container is expired.", code: null, param: null } } },
    },
  };
  for (const [what, each] of Object.entries(faults)) {
    it(`deletes the container where ${what}`, async () => {
      const { id } = await backend.create(hostedArgs("analysis"), silent, named);
      emulator.fault(each);
      await backend.delete(id, {}, silent);
      assert.deepEqual(emulator.containers(), []);
      assert.equal(await backend.observe(id, {}, silent), undefined);
    });
  }

  it("deletes the container for later reads, too, where lists still have it", async () => {
    await emulator.stop();
    emulator = await startEmulator({ listLagSeconds: 60, clock: new ManualClock() });
    const [id = ""] = emulator.seed([{ created_at: 0, last_active_at: Math.floor(Date.now() / 1000) }]);
    backend = await hosted(emulator.baseUrl);
    await backend.delete(id, {}, silent);
    assert.deepEqual(
      (await (await hosted(emulator.baseUrl)).list(undefined, silent)).map((listed) => listed.id),
      [id],
    );
    assert.equal(await backend.observe(id, {}, silent), undefined);
  });

  it("fails at a 404 that is not the API's about the container", async () => {
    const { id } = await backend.create(hostedArgs("analysis"), silent, named);
    const invalidUrl = { error: { message: "Invalid URL (DELETE /v2)", code: null, param: null } };
    for (const body of [invalidUrl, "<html>Not found</html>", "Not found"]) {
      emulator.fault({ ...fault, answer: { status: 404, body } });
      await assert.rejects(backend.delete(id, {}, silent), /OC2(109|113): .*HTTP 404.*Correct OPENAI_BASE_URL/);
    }
    assert.equal(emulator.containers().length, 1);
  });
});
