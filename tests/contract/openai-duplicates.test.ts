import assert from "node:assert/strict";
import { type Orphan, UnknownOutcomeError } from "../../provider/backends/backend";
import type { OpenAIBackend } from "../../provider/backends/openai/openai-backend";
import { type Emulator, type Fault, startEmulator } from "../../sdk/emulator";
import { autoNamed, named } from "../support/create-context";
import { hosted, hostedArgs, quick } from "../support/hosted";
import { silent } from "../support/silent";

const post = { method: "POST", path: "/v1/containers" };

describe("OpenAIBackend.create, when one response is lost and a later one arrives", () => {
  const name = "analysis-0a1b2c3d";
  const lost: Fault = { ...post, answer: "cut", afterWork: true };
  const emptyList = { status: 200, body: { object: "list", data: [], first_id: null, last_id: null, has_more: false } };
  const hidden: Fault = { method: "GET", answer: emptyList, times: quick.findDelaysMs.length };
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
  const create = (making = autoNamed) => {
    const report = { ...silent, warning: (code: string, text: string) => warnings.push(`${code}: ${text}`) };
    return backend.create(hostedArgs(name), report, { ...making, orphaned: (what) => orphans.push(what) });
  };
  const unknown = (error: unknown) => error instanceof UnknownOutcomeError;

  it("keeps one of two containers, and reports the other as orphaned where it cannot be deleted", async () => {
    emulator.fault({ ...lost, times: 2 });
    emulator.fault(hidden);
    emulator.fault({ method: "DELETE", answer: { status: 500 }, times: 100 });
    const { id } = await create();
    const [other = ""] = ids().filter((one) => one !== id);
    assert.deepEqual([ids().length, orphans], [2, [{ id: other }]]);
    assert.match(
      warnings.join(),
      new RegExp(`^OC2126: container ${other} was created in addition to ${id}, .* could not be deleted`),
    );
  });

  it("reports a possible orphan where only one of two containers is found", async () => {
    emulator.fault({ ...post, answer: "cut" });
    emulator.fault(lost);
    const { id } = await create();
    assert.deepEqual([ids(), orphans], [[id], [{ besides: id }]]);
  });

  it("deletes the first container once a list has both", async () => {
    emulator.fault(lost);
    emulator.fault(hidden);
    const { id } = await create();
    assert.deepEqual([ids(), orphans, warnings], [[id], [], []]);
  });

  it("reports a possible orphan where no list has the new container, and removePending deletes it later", async () => {
    emulator.fault(lost);
    emulator.fault({ ...hidden, times: 100 });
    const { id } = await create();
    assert.deepEqual([ids().length, orphans], [2, [{ besides: id }]]);
    emulator.clearFaults();
    const left = { name, nameIsDrawn: true, time: Date.now(), besides: id };
    await (await hosted(emulator.baseUrl)).removePending(left, silent);
    assert.deepEqual(ids(), [id]);
  });

  it("reports a possible orphan where lists cannot be read", async () => {
    emulator.fault(lost);
    emulator.fault(hidden);
    emulator.fault({ method: "GET", answer: { status: 500 }, times: 100 });
    const { id } = await create();
    assert.deepEqual([ids().length, orphans], [2, [{ besides: id }]]);
  });

  it("warns of the first container where the name is the program's, and deletes none", async () => {
    emulator.fault(lost);
    emulator.fault(hidden);
    const { id } = await create(named);
    const [other = ""] = ids().filter((one) => one !== id);
    assert.deepEqual([ids().length, orphans], [2, [{ besides: id }]]);
    assert.match(warnings.join(), new RegExp(`^OC2127: .* was lost, and ${other} with that name was created since`));
  });

  it("reports no orphan where the lost request created no container", async () => {
    emulator.fault({ ...post, answer: "cut" });
    const { id } = await create();
    assert.deepEqual([ids(), orphans, warnings], [[id], [], []]);
  });

  for (const status of [400, 401, 409, 429]) {
    it(`throws UnknownOutcomeError where the next request gets HTTP ${status}`, async () => {
      const ofNoUse = { message: "No.", code: "insufficient_quota", param: null };
      emulator.fault(lost);
      emulator.fault({ ...post, answer: { status, body: { error: ofNoUse } } });
      emulator.fault({ ...hidden, times: 100 });
      await assert.rejects(create(), unknown);
      assert.equal(ids().length, 1);
    });
  }

  it("throws UnknownOutcomeError where the next request is cancelled in the queue", async () => {
    const ending = new AbortController();
    emulator.fault(lost);
    emulator.fault(hidden);
    const onePerMinute = { "openai-containers:requestsPerMinute": String(1 + quick.findDelaysMs.length) };
    const report = {
      ...silent,
      progress: (text: string) => text.startsWith("waiting for the rate limit") && ending.abort(),
    };
    const on = await hosted(emulator.baseUrl, {}, quick, ending.signal, onePerMinute);
    await assert.rejects(on.create(hostedArgs(name), report, autoNamed), unknown);
    assert.equal(ids().length, 1);
  });

  it("throws UnknownOutcomeError where a container with the program's name is found", async () => {
    emulator.fault(lost);
    await assert.rejects(create(named), unknown);
  });
});
