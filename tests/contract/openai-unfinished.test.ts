import assert from "node:assert/strict";
import type { OpenAIBackend } from "../../provider/backends/openai/openai-backend";
import { type Emulator, startEmulator } from "../../sdk/emulator";
import { hosted, hostedArgs, quick } from "../support/hosted";
import { drawn, named } from "../support/making";
import { silent } from "../support/silent";

/** What is known of it is the name, and when it began: the run ended before the API's answer came. */
describe("what a run that was cut short made on the hosted API", () => {
  let emulator: Emulator;
  let backend: OpenAIBackend;
  const name = "analysis-0a1b2c3d";

  beforeEach(async () => {
    emulator = await startEmulator({ requestsPerMinute: 100_000 });
    backend = await hosted(emulator.baseUrl);
  });
  afterEach(() => emulator.stop());

  const ids = () => emulator.containers().map(({ id }) => id);

  it("is removed by a name that was drawn for it", async () => {
    const time = Date.now();
    await backend.create(hostedArgs(name), silent, drawn);
    const other = await backend.create(hostedArgs("another"), silent, drawn);
    const next = await hosted(emulator.baseUrl);
    assert.deepEqual(await next.removePending({ name, nameIsDrawn: true, time }, silent), []);
    assert.deepEqual(ids(), [other.id]);
  });

  it("is only named where the name is the program's, and what is older is not", async () => {
    emulator.seed([{ name: "reports", created_at: Math.floor(Date.now() / 1000) - 3_600 }]);
    const time = Date.now();
    const { id } = await backend.create(hostedArgs("reports"), silent, named);
    const next = await hosted(emulator.baseUrl);
    assert.deepEqual(await next.removePending({ name: "reports", nameIsDrawn: false, time }, silent), [id]);
    assert.equal(ids().length, 2);
  });

  it("is nothing else, where the service does not know the filter by name", async () => {
    const time = Date.now();
    await backend.create(hostedArgs(name), silent, drawn);
    const other = await backend.create(hostedArgs("another"), silent, drawn);
    const whole = { object: "list", data: emulator.containers(), first_id: null, last_id: null, has_more: false };
    emulator.fault({ query: "name=", answer: { status: 200, body: whole }, times: 10 });
    await (await hosted(emulator.baseUrl)).removePending({ name, nameIsDrawn: true, time }, silent);
    assert.deepEqual(ids(), [other.id]);
  });

  it("is found by a name that was drawn for it although the clock was set back meanwhile", async () => {
    const { id } = await backend.create(hostedArgs(name), silent, drawn);
    await backend.create(hostedArgs("reports"), silent, named);
    const anHourAhead = Date.now() + 3_600_000;
    const next = await hosted(emulator.baseUrl);
    const candidates = await next.removePending({ name: "reports", nameIsDrawn: false, time: anHourAhead }, silent);
    assert.deepEqual(
      candidates,
      ids().filter((one) => one !== id),
    );
    await next.removePending({ name, nameIsDrawn: true, time: anHourAhead }, silent);
    assert.deepEqual(ids(), candidates);
  });

  it("is found by a name that was drawn for it however long ago that was by its own clock", async () => {
    emulator.seed([{ name, created_at: Math.floor(Date.now() / 1000) - 86_400 }]);
    await backend.removePending({ name, nameIsDrawn: true, time: Date.now() }, silent);
    assert.deepEqual(ids(), []);
  });

  it("is not what the next request for it created", async () => {
    const time = Date.now();
    const [lost, kept] = [
      await backend.create(hostedArgs(name), silent, drawn),
      await backend.create(hostedArgs(name), silent, drawn),
    ];
    const next = await hosted(emulator.baseUrl);
    await next.removePending({ name, nameIsDrawn: true, time, besides: kept.id }, silent);
    assert.deepEqual(ids(), [kept.id]);
    assert.notEqual(lost.id, kept.id);
  });

  it("is waited for where it was cut short a moment ago, as lists lag", async () => {
    const nothing = { object: "list", data: [], first_id: null, last_id: null, has_more: false };
    emulator.fault({ method: "GET", answer: { status: 200, body: nothing }, times: 2 });
    const time = Date.now();
    await backend.create(hostedArgs(name), silent, drawn);
    const next = await hosted(emulator.baseUrl, {}, { ...quick, looks: [0, 1, 1, 60_000] });
    await next.removePending({ name, nameIsDrawn: true, time }, silent);
    assert.deepEqual(ids(), []);
  });

  it("is looked for once where it was cut short long ago", async () => {
    const time = Date.now() - 60_000;
    assert.deepEqual(await backend.removePending({ name, nameIsDrawn: true, time }, silent), []);
    assert.equal(emulator.requests.length, 1);
  });
});
