import assert from "node:assert/strict";
import type { OpenAIBackend } from "../../provider/backends/openai/openai-backend";
import { type Emulator, type Fault, startEmulator } from "../../sdk/emulator";
import { hosted, hostedArgs } from "../support/hosted";
import { named } from "../support/making";
import { silent } from "../support/silent";

describe("delete on the hosted API", () => {
  let emulator: Emulator;
  let backend: OpenAIBackend;

  beforeEach(async () => {
    emulator = await startEmulator();
    backend = await hosted(emulator.baseUrl);
  });
  afterEach(() => emulator.stop());

  const fault = { method: "DELETE" };
  const faults: Record<string, Fault> = {
    "the connection is cut before the work": { ...fault, answer: "cut" },
    "the connection is cut after the work": { ...fault, answer: "cut", afterWork: true },
    "the answer is cut in the middle": { ...fault, answer: "truncated", afterWork: true },
    "no answer comes": { ...fault, answer: "hang", afterWork: true },
    "the API fails": { ...fault, answer: { status: 503 }, times: 3 },
    "the limit is met": { ...fault, answer: { status: 429, headers: { "retry-after": "0" } } },
    "it is said to have expired": {
      ...fault,
      afterWork: true,
      answer: { status: 400, body: { error: { message: "Container is expired.", code: null, param: null } } },
    },
  };
  for (const [what, each] of Object.entries(faults)) {
    it(`removes the container where ${what}`, async () => {
      const { id } = await backend.create(hostedArgs("analysis"), silent, named);
      emulator.fault(each);
      await backend.delete(id, {}, silent);
      assert.deepEqual(emulator.containers(), []);
      assert.equal(await backend.observe(id, {}, silent), undefined);
    });
  }

  it("fails where a 404 is not the API's word about the container", async () => {
    const { id } = await backend.create(hostedArgs("analysis"), silent, named);
    const invalidUrl = { error: { message: "Invalid URL (DELETE /v2)", code: null, param: null } };
    for (const body of [invalidUrl, "<html>Not found</html>", "Not found"]) {
      emulator.fault({ ...fault, answer: { status: 404, body } });
      await assert.rejects(backend.delete(id, {}, silent), /HTTP 404.*Correct OPENAI_BASE_URL/);
    }
    assert.equal(emulator.containers().length, 1);
  });
});
