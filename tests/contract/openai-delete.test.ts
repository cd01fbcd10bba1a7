import assert from "node:assert/strict";
import type { OpenAIBackend } from "../../provider/backends/openai/openai-backend";
import { type Double, type Fault, startDouble } from "../../sdk/double";
import { hosted, hostedArgs } from "../support/hosted";
import { named } from "../support/making";
import { silent } from "../support/silent";

describe("delete on the hosted API", () => {
  let double: Double;
  let backend: OpenAIBackend;

  beforeEach(async () => {
    double = await startDouble();
    backend = await hosted(double.baseUrl);
  });
  afterEach(() => double.stop());

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
      double.fault(each);
      await backend.delete(id, {}, silent);
      assert.deepEqual(double.containers(), []);
      assert.equal(await backend.observe(id, {}, silent), undefined);
    });
  }

  it("fails where a 404 is not the API's word about the container", async () => {
    const { id } = await backend.create(hostedArgs("analysis"), silent, named);
    const invalidUrl = { error: { message: "Invalid URL (DELETE /v2)", code: null, param: null } };
    for (const body of [invalidUrl, "<html>Not found</html>", "Not found"]) {
      double.fault({ ...fault, answer: { status: 404, body } });
      await assert.rejects(backend.delete(id, {}, silent), /HTTP 404.*Correct OPENAI_BASE_URL/);
    }
    assert.equal(double.containers().length, 1);
  });
});
