import assert from "node:assert/strict";
import type { OpenAIBackend } from "../../provider/backends/openai/openai-backend";
import { type Emulator, startEmulator } from "../../sdk/emulator";
import { autoNamed, named } from "../support/create-context";
import { hosted, hostedArgs, quick } from "../support/hosted";
import { silent } from "../support/silent";

/** Only its name and start are known: the run ended before the API's response arrived. */
describe("OpenAIBackend.removePending, for a create of an interrupted run", () => {
  let emulator: Emulator;
  let backend: OpenAIBackend;
  const name = "analysis-0a1b2c3d";

  beforeEach(async () => {
    emulator = await startEmulator({ requestsPerMinute: 100_000 });
    backend = await hosted(emulator.baseUrl);
  });
  afterEach(() => emulator.stop());

  const ids = () => emulator.containers().map(({ id }) => id);

  it("deletes the container with its auto-generated name", async () => {
    const time = Date.now();
    await backend.create(hostedArgs(name), silent, autoNamed);
    const other = await backend.create(hostedArgs("another"), silent, autoNamed);
    const next = await hosted(emulator.baseUrl);
    assert.deepEqual(await next.removePending({ name, nameIsDrawn: true, time }, silent), []);
    assert.deepEqual(ids(), [other.id]);
  });

  it("returns the id where the name is the program's, without older containers", async () => {
    emulator.seed([{ name: "reports", created_at: Math.floor(Date.now() / 1000) - 3_600 }]);
    const time = Date.now();
    const { id } = await backend.create(hostedArgs("reports"), silent, named);
    const next = await hosted(emulator.baseUrl);
    assert.deepEqual(await next.removePending({ name: "reports", nameIsDrawn: false, time }, silent), [id]);
    assert.equal(ids().length, 2);
  });

  it("deletes no other container where the service ignores the filter by name", async () => {
    const time = Date.now();
    await backend.create(hostedArgs(name), silent, autoNamed);
    const other = await backend.create(hostedArgs("another"), silent, autoNamed);
    const whole = { object: "list", data: emulator.containers(), first_id: null, last_id: null, has_more: false };
    emulator.fault({ query: "name=", answer: { status: 200, body: whole }, times: 10 });
    await (await hosted(emulator.baseUrl)).removePending({ name, nameIsDrawn: true, time }, silent);
    assert.deepEqual(ids(), [other.id]);
  });

  it("finds the container after the clock was set back", async () => {
    const { id } = await backend.create(hostedArgs(name), silent, autoNamed);
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

  it("finds an auto-generated name however long ago the API's clock dates it", async () => {
    emulator.seed([{ name, created_at: Math.floor(Date.now() / 1000) - 86_400 }]);
    await backend.removePending({ name, nameIsDrawn: true, time: Date.now() }, silent);
    assert.deepEqual(ids(), []);
  });

  it("spares the container that a later request created", async () => {
    const time = Date.now();
    const [lost, kept] = [
      await backend.create(hostedArgs(name), silent, autoNamed),
      await backend.create(hostedArgs(name), silent, autoNamed),
    ];
    const next = await hosted(emulator.baseUrl);
    await next.removePending({ name, nameIsDrawn: true, time, besides: kept.id }, silent);
    assert.deepEqual(ids(), [kept.id]);
    assert.notEqual(lost.id, kept.id);
  });

  it("searches repeatedly where the run was interrupted just now, as lists lag", async () => {
    const nothing = { object: "list", data: [], first_id: null, last_id: null, has_more: false };
    emulator.fault({ method: "GET", answer: { status: 200, body: nothing }, times: 2 });
    const time = Date.now();
    await backend.create(hostedArgs(name), silent, autoNamed);
    const next = await hosted(emulator.baseUrl, {}, { ...quick, findDelaysMs: [0, 1, 1, 60_000] });
    await next.removePending({ name, nameIsDrawn: true, time }, silent);
    assert.deepEqual(ids(), []);
  });

  it("searches once where the run was interrupted long ago", async () => {
    const time = Date.now() - 60_000;
    assert.deepEqual(await backend.removePending({ name, nameIsDrawn: true, time }, silent), []);
    assert.equal(emulator.requests.length, 1);
  });
});
