import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import OpenAI from "openai";
import { type Clock, type Emulator, ManualClock, scaledClock, startEmulator } from "../../sdk/emulator";

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await setImmediate();
}

describe("the emulator's faults, over HTTP", () => {
  let emulator: Emulator;
  let containers: OpenAI["containers"];

  async function begin(clock: Clock): Promise<void> {
    emulator = await startEmulator({ requestsPerMinute: 3, clock });
    containers = new OpenAI({ apiKey: "key", baseURL: emulator.baseUrl, maxRetries: 0 }).containers;
  }

  beforeEach(() => begin(new ManualClock()));
  afterEach(() => emulator.stop());

  const names = () => emulator.containers().map(({ name }) => name);
  const statuses = () => emulator.requests.map(({ status }) => status);

  it("reset the connection, before or after the request is processed", async () => {
    emulator.fault({ answer: "cut" });
    emulator.fault({ answer: "cut", afterWork: true });
    await assert.rejects(async () => containers.create({ name: "undone" }), OpenAI.APIConnectionError);
    await assert.rejects(async () => containers.create({ name: "done" }), OpenAI.APIConnectionError);
    assert.deepEqual(names(), ["done"]);
    assert.deepEqual(statuses(), ["cut", "cut"]);
  });

  for (const afterWork of [false, true]) {
    it(`truncate the response of a request that was ${afterWork ? "" : "not "}processed`, async () => {
      emulator.fault({ answer: "truncated", afterWork });
      const response = await containers.create({ name: "half" }).asResponse();
      assert.equal(response.status, 200);
      assert.match(response.headers.get("x-request-id") ?? "", /^req_/);
      const whole = Number(response.headers.get("content-length"));
      const chunks: Uint8Array[] = [];
      await assert.rejects(async () => {
        for await (const chunk of response.body ?? []) chunks.push(chunk);
      });
      const text = Buffer.concat(chunks).toString();
      assert.match(text, /^\{"id":"cntr_[0-9a-f]{48}","object":"container"/);
      assert.equal(text.length, Math.floor(whole / 2));
      assert.deepEqual(names(), afterWork ? ["half"] : []);
      assert.deepEqual(statuses(), ["cut"]);
    });
  }

  it("give no response until the emulator stops", async () => {
    emulator.fault({ answer: "hang", afterWork: true });
    let settled = false;
    const hanging = assert
      .rejects(async () => containers.create({ name: "a" }), OpenAI.APIConnectionError)
      .finally(() => {
        settled = true;
      });
    await until(() => statuses().length > 0);
    assert.deepEqual(statuses(), ["cut"]);
    await containers.list(); // gets its response, though it was sent later
    assert.equal(settled, false);
    await emulator.stop();
    await hanging;
  });

  it("give any other response", async () => {
    emulator.fault({ answer: { status: 503, headers: { "retry-after": "7" }, body: { error: { message: "Busy." } } } });
    emulator.fault({ answer: { status: 502, body: "<html>Bad gateway</html>" } });
    emulator.fault({ answer: { status: 500 } });
    const get = async () => {
      const response = await fetch(`${emulator.baseUrl}/containers`, { headers: { authorization: "Bearer key" } });
      return [response.status, response.headers.get("content-type"), await response.text()];
    };
    await assert.rejects(
      async () => containers.list(),
      (error) => {
        assert.ok(error instanceof OpenAI.InternalServerError, String(error));
        assert.deepEqual([error.status, error.headers.get("retry-after")], [503, "7"]);
        assert.equal(error.message, "503 Busy.");
        return true;
      },
    );
    assert.deepEqual(await get(), [502, "text/html", "<html>Bad gateway</html>"]);
    assert.deepEqual(await get(), [500, "text/plain", ""]);
    assert.deepEqual(statuses(), [503, 502, 500]);
  });

  for (const afterWork of [false, true]) {
    it(`delay the response of a request that is processed ${afterWork ? "before" : "after"} the wait`, async () => {
      await emulator.stop();
      await begin(scaledClock(1000)); // so that 50 ms are 50 seconds of the emulator's time
      emulator.fault({ answer: { delayMs: 50 }, afterWork });
      const { name, created_at } = await containers.create({ name: "late" });
      assert.equal(name, "late");
      const waitedMs = created_at * 1000 - (emulator.requests[0]?.at ?? 0);
      assert.ok(afterWork ? waitedMs < 20_000 : waitedMs >= 48_000, `${waitedMs} ms`);
    });
  }

  it("patch the container in the responses of create, list and retrieve", async () => {
    emulator.fault({ times: 3, answer: { patch: { memory_limit: "1g", network_policy: { allowed_domains: null } } } });
    const allowlist = { type: "allowlist" as const, allowed_domains: ["pypi.example.com"] };
    const { id } = await containers.create({ name: "a", memory_limit: "4g", network_policy: allowlist });
    const [created] = emulator.containers();
    const reported = { ...created, memory_limit: "1g", network_policy: { type: "allowlist" } };
    assert.deepEqual((await containers.list()).data, [reported]);
    assert.deepEqual(await containers.retrieve(id), reported);
    assert.equal(created?.memory_limit, "4g");
    assert.deepEqual(created?.network_policy, allowlist);
  });

  it("patch no response without a container", async () => {
    emulator.fault({ times: 2, answer: { patch: { id: null, deleted: null, error: null } } });
    const { id } = await containers.create({ name: "a" }).catch(() => ({ id: undefined }));
    assert.equal(id, undefined);
    const [created] = emulator.containers();
    const response = await fetch(`${emulator.baseUrl}/containers/${created?.id}`, {
      method: "DELETE",
      headers: { authorization: "Bearer key" },
    });
    assert.deepEqual(await response.json(), { id: created?.id, object: "container.deleted", deleted: true });
  });

  it("end when the emulator stops", async () => {
    emulator.fault({ answer: { delayMs: 2 ** 31 - 1 }, afterWork: true });
    const waiting = assert.rejects(async () => containers.create({ name: "a" }), OpenAI.APIConnectionError);
    await until(() => names().length > 0);
    await emulator.stop();
    await waiting;
  });

  it("count against the rate limit only where the request was processed", async () => {
    emulator.fault({ times: 3, answer: { status: 500 } });
    emulator.fault({ skip: 3, answer: "cut", afterWork: true });
    for (let request = 0; request < 4; request += 1) await assert.rejects(async () => containers.list());
    await containers.list();
    await containers.list();
    await assert.rejects(async () => containers.list(), OpenAI.RateLimitError);
    assert.deepEqual(statuses(), [500, 500, 500, "cut", 200, 200, 429]);
  });

  it("apply only to authenticated requests", async () => {
    emulator.fault({ answer: "cut" });
    assert.equal((await fetch(`${emulator.baseUrl}/containers`)).status, 401);
    await assert.rejects(async () => containers.list(), OpenAI.APIConnectionError);
  });
});
