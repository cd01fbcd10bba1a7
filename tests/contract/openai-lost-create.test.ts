import assert from "node:assert/strict";
import { type Orphan, UnknownOutcomeError } from "../../provider/backends/backend";
import type { OpenAIBackend } from "../../provider/backends/openai/openai-backend";
import { type Emulator, type Fault, startEmulator } from "../../sdk/emulator";
import { hosted, hostedArgs, quick } from "../support/hosted";
import { drawn, named } from "../support/making";
import { silent } from "../support/silent";

const post = { method: "POST", path: "/v1/containers" };

describe("create on the hosted API, when an answer is lost and another one comes", () => {
  const name = "analysis-0a1b2c3d";
  const lost: Fault = { ...post, answer: "cut", afterWork: true };
  const emptyList = { status: 200, body: { object: "list", data: [], first_id: null, last_id: null, has_more: false } };
  const hidden: Fault = { method: "GET", answer: emptyList, times: quick.looks.length };
  let emulator: Emulator;
  let backend: OpenAIBackend;
  let orphans: Orphan[];
  let warnings: string[];

  beforeEach(async () => {
    emulator = await startEmulator({ requestsPerMinute: 100_000 });
    backend = await hosted(emulator.baseUrl);
    [orphans, warnings] = [[], []];
  });
  afterEach(() => emulator.stop());

  const ids = () => emulator.containers().map(({ id }) => id);
  const create = (making = drawn) => {
    const report = { ...silent, warning: (code: string, text: string) => warnings.push(`${code}: ${text}`) };
    return backend.create(hostedArgs(name), report, { ...making, orphaned: (what) => orphans.push(what) });
  };
  const unknown = (error: unknown) => error instanceof UnknownOutcomeError;

  it("keeps one of two and tells of the other, where that cannot be removed", async () => {
    emulator.fault({ ...lost, times: 2 });
    emulator.fault(hidden);
    emulator.fault({ method: "DELETE", answer: { status: 500 }, times: 100 });
    const { id } = await create();
    const [other = ""] = ids().filter((one) => one !== id);
    assert.deepEqual([ids().length, orphans], [2, [{ id: other }]]);
    assert.match(
      warnings.join(),
      new RegExp(`^container ${other} was created as well as ${id}, .* could not be removed`),
    );
  });

  it("tells that another may come, where only one of two is found", async () => {
    emulator.fault({ ...post, answer: "cut" });
    emulator.fault(lost);
    const { id } = await create();
    assert.deepEqual([ids(), orphans], [[id], [{ besides: id }]]);
  });

  it("removes the lost one once a list has both", async () => {
    emulator.fault(lost);
    emulator.fault(hidden);
    const { id } = await create();
    assert.deepEqual([ids(), orphans, warnings], [[id], [], []]);
  });

  it("tells that the lost one may exist, where no list has the other", async () => {
    emulator.fault(lost);
    emulator.fault({ ...hidden, times: 100 });
    const { id } = await create();
    assert.deepEqual([ids().length, orphans], [2, [{ besides: id }]]);
    emulator.clearFaults();
    const left = { name, nameIsDrawn: true, time: Date.now(), besides: id };
    await (await hosted(emulator.baseUrl)).removePending(left, silent);
    assert.deepEqual(ids(), [id]);
  });

  it("tells that the lost one may exist, where it cannot be looked for", async () => {
    emulator.fault(lost);
    emulator.fault(hidden);
    emulator.fault({ method: "GET", answer: { status: 500 }, times: 100 });
    const { id } = await create();
    assert.deepEqual([ids().length, orphans], [2, [{ besides: id }]]);
  });

  it("names the lost one where the name is the program's, and removes none", async () => {
    emulator.fault(lost);
    emulator.fault(hidden);
    const { id } = await create(named);
    const [other = ""] = ids().filter((one) => one !== id);
    assert.deepEqual([ids().length, orphans], [2, [{ besides: id }]]);
    assert.match(warnings.join(), new RegExp(`was lost, and ${other} of that name was created since`));
  });

  it("tells of nothing where the lost request created none", async () => {
    emulator.fault({ ...post, answer: "cut" });
    const { id } = await create();
    assert.deepEqual([ids(), orphans, warnings], [[id], [], []]);
  });

  for (const status of [400, 401, 409, 429]) {
    it(`still does not know of the lost one where the next request gets HTTP ${status}`, async () => {
      const ofNoUse = { message: "No.", code: "insufficient_quota", param: null };
      emulator.fault(lost);
      emulator.fault({ ...post, answer: { status, body: { error: ofNoUse } } });
      emulator.fault({ ...hidden, times: 100 });
      await assert.rejects(create(), unknown);
      assert.equal(ids().length, 1);
    });
  }

  it("still does not know of the lost one where the next request is given up in the queue", async () => {
    const ending = new AbortController();
    emulator.fault(lost);
    emulator.fault(hidden);
    const onePerMinute = { "openai-containers:requestsPerMinute": String(1 + quick.looks.length) };
    const report = { ...silent, progress: (text: string) => text.startsWith("waiting") && ending.abort() };
    const on = await hosted(emulator.baseUrl, {}, quick, ending.signal, onePerMinute);
    await assert.rejects(on.create(hostedArgs(name), report, drawn), unknown);
    assert.equal(ids().length, 1);
  });

  it("does not know whose a candidate is that has a name of the program's", async () => {
    emulator.fault(lost);
    await assert.rejects(create(named), unknown);
  });
});
