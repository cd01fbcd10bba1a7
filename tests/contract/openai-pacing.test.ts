import assert from "node:assert/strict";
import { once } from "node:events";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { Pacing } from "../../provider/backends/openai/pacing";
import { RateLimit } from "../../provider/backends/openai/rate-limit";
import { type Emulator, ManualClock, scaledClock, startEmulator } from "../../sdk/emulator";
import { hosted, hostedArgs, quick } from "../support/hosted";
import { named } from "../support/making";
import { silent } from "../support/silent";

const post = { method: "POST", path: "/v1/containers" };

describe("pacing of requests to the hosted API", () => {
  let emulator: Emulator;
  afterEach(() => emulator?.stop());

  const created = () => emulator.containers().length;
  const args = (count: number) => Array.from({ length: count }, (_, at) => hostedArgs(`c-${at}`));

  it("stays under the limit of a sliding minute, and uses it up", async () => {
    const factor = 100;
    emulator = await startEmulator({ clock: scaledClock(factor), requestsPerMinute: 20 });
    const timing = { ...quick, minute: 60_000 / factor, answer: 10_000 };
    const config = { "openai-containers:requestsPerMinute": "20" };
    const backend = await hosted(emulator.baseUrl, {}, timing, undefined, config);
    await Promise.all(args(60).map((one) => backend.create(one, silent, named)));
    assert.equal(created(), 60);
    assert.deepEqual(
      emulator.requests.filter(({ status }) => status !== 200),
      [],
    );
    const times = emulator.requests.map(({ at }) => at);
    const took = Math.max(...times) - Math.min(...times);
    assert.ok(took >= 120_000, `60 requests in ${took} ms of the emulator's time`);
  });

  it("waits as long as the API asks, with all of its requests, and then goes on", async () => {
    emulator = await startEmulator({ requestsPerMinute: 1_000 });
    emulator.fault({ ...post, answer: { status: 429, headers: { "retry-after": "1" } } });
    const backend = await hosted(emulator.baseUrl);
    await Promise.all(args(3).map((one) => backend.create(one, silent, named)));
    await backend.create(hostedArgs("later"), silent, named);
    assert.equal(created(), 4);
    const refused = emulator.requests.find(({ status }) => status === 429);
    const again = emulator.requests.at(-2);
    assert.ok(refused && again && again.at - refused.at >= 990, JSON.stringify(emulator.requests));
  });

  it("waits where the API does not say how long, longer each time", async () => {
    emulator = await startEmulator();
    emulator.fault({ ...post, answer: { status: 429 }, times: 2 });
    const backend = await hosted(emulator.baseUrl, {}, { ...quick, minute: 600 });
    await backend.create(hostedArgs("analysis"), silent, named);
    const [first, second, third] = emulator.requests.map(({ at }) => at);
    assert.ok(first && second && third);
    assert.ok(second - first >= 9 && third - second >= 19, `${second - first} ms, ${third - second} ms`);
  });

  it("gives up where the API refuses for longer than anybody waits", async () => {
    emulator = await startEmulator();
    emulator.fault({ ...post, answer: { status: 429, headers: { "retry-after": "0.2" } }, times: 1_000_000 });
    const backend = await hosted(emulator.baseUrl, {}, { ...quick, limit: 500 });
    await assert.rejects(backend.create(hostedArgs("analysis"), silent, named), /waiting did not help/);
    const count = emulator.requests.length;
    assert.ok(count === 2 || count === 3, `${count} requests`);
  }).timeout(5_000);

  it("makes way for what the API refused", async () => {
    emulator = await startEmulator();
    emulator.fault({ ...post, answer: { status: 429, headers: { "retry-after": "0" } } });
    const config = { "openai-containers:requestsPerMinute": "1" };
    const backend = await hosted(emulator.baseUrl, {}, { ...quick, minute: 50 }, undefined, config);
    const order: string[] = [];
    await Promise.all(args(3).map(async (one) => order.push((await backend.create(one, silent, named)).name)));
    assert.deepEqual(order, ["c-0", "c-1", "c-2"]);
  });

  it("has ten requests under way at a time", async () => {
    emulator = await startEmulator();
    const pacing = new Pacing(new RateLimit(100, 60_000), new AbortController().signal);
    let running = 0;
    let most = 0;
    const call = async () => {
      running += 1;
      most = Math.max(most, running);
      await nextTurn();
      running -= 1;
    };
    await Promise.all(Array.from({ length: 50 }, () => pacing.run(call, silent, false)));
    assert.equal(most, 10);
  });

  for (const pauses of [
    [0.1, 0.3],
    [0.3, 0.1],
  ]) {
    it(`waits for the longest of the pauses that it was asked for: ${pauses.join(" s, ")} s`, async () => {
      emulator = await startEmulator();
      const pacing = new Pacing(new RateLimit(100, 60_000), new AbortController().signal);
      const began = performance.now();
      for (const seconds of pauses) pacing.hold(seconds);
      await pacing.run(async () => undefined, silent, false);
      const took = performance.now() - began;
      assert.ok(took >= 290, `${took} ms`);
    });
  }

  it("tells when what was waited for is over, and then nothing more", async () => {
    emulator = await startEmulator();
    const pacing = new Pacing(new RateLimit(100, 60_000), new AbortController().signal);
    pacing.hold(2.1);
    const told: string[] = [];
    const report = { ...silent, progress: (text: string) => told.push(text), warning: assert.fail };
    await pacing.run(async () => undefined, report, false);
    await pacing.run(async () => undefined, report, false);
    assert.deepEqual(told, ["the API asked for a pause: 1 s to go", "asking the API"]);
  }).timeout(6_000);

  it("is fair: first come, first served, and the API's refusals cost nobody their place", async () => {
    emulator = await startEmulator();
    const pacing = new Pacing(new RateLimit(2, 100), new AbortController().signal);
    const order: number[] = [];
    const call = (at: number, isAgain = false) => pacing.run(async () => order.push(at), silent, isAgain);
    await Promise.all([call(0), call(1), call(2), call(3), call(4), call(5, true)]);
    assert.deepEqual(order, [0, 1, 5, 2, 3, 4]);
  });

  it("tells what is waited for", async () => {
    const clock = new ManualClock();
    emulator = await startEmulator({ clock });
    const ending = new AbortController();
    const pacing = new Pacing(new RateLimit(1, 60_000), ending.signal);
    await pacing.run(async () => undefined, silent, false);
    const told: string[] = [];
    const waiting = [1, 2].map(() =>
      pacing.run(
        async () => undefined,
        { ...silent, progress: (text) => told.push(text), warning: assert.fail },
        false,
      ),
    );
    await sleep(2_100);
    pacing.hold(30);
    await sleep(2_000);
    ending.abort();
    await Promise.allSettled(waiting);
    assert.deepEqual(told, [
      "waiting for its turn, at 1 requests a minute",
      "waiting for its turn, at 1 requests a minute, 1 before it",
      "the API asked for a pause: 29 s to go",
      "the API asked for a pause: 29 s to go, 1 before it",
    ]);
  }).timeout(6_000);

  it("gives up what waits when the process is to end, and nothing that is under way", async () => {
    emulator = await startEmulator();
    emulator.fault({ ...post, answer: { delayMs: 200 }, times: 2 });
    const ending = new AbortController();
    const config = { "openai-containers:requestsPerMinute": "2" };
    const backend = await hosted(emulator.baseUrl, {}, quick, ending.signal, config);
    const creates = args(20).map((one) => backend.create(one, silent, named));
    await sleep(100);
    const began = Date.now();
    ending.abort();
    const outcomes = await Promise.allSettled(creates);
    const refusals = outcomes.filter(({ status }) => status === "rejected");
    assert.equal(refusals.length, 18);
    for (const outcome of refusals) {
      assert.match(
        String(Reflect.get(outcome, "reason")),
        /^BackendError: Pulumi was told to end, so this was given up/,
      );
    }
    assert.equal(created(), 2);
    assert.ok(Date.now() - began < 1_000);
  });

  it("gives up what waits for the end of a pause when the process is to end", async () => {
    emulator = await startEmulator();
    const ending = new AbortController();
    const pacing = new Pacing(new RateLimit(100, 60_000), ending.signal);
    pacing.hold(0.2);
    let wasSent = false;
    const call = async () => {
      wasSent = true;
    };
    const waiting = pacing.run(call, silent, false);
    await nextTurn(); // it has its slot by now, and waits for a connection
    ending.abort();
    await assert.rejects(waiting, /^BackendError: Pulumi was told to end, so this was given up/);
    await sleep(300); // nor is it sent when the pause is over
    assert.equal(wasSent, false);
  });

  it("leaves no timer behind of what it gave up", async () => {
    emulator = await startEmulator();
    const ending = new AbortController();
    const pacing = new Pacing(new RateLimit(1, 60_000), ending.signal);
    await pacing.run(async () => undefined, silent, false);
    const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length;
    const before = timers();
    const waiting = pacing.run(async () => undefined, silent, false);
    assert.equal(timers(), before + 1);
    ending.abort();
    await assert.rejects(waiting);
    assert.equal(timers(), before);
  });

  it("sends at once what cleans up after the end", async () => {
    emulator = await startEmulator();
    const ending = new AbortController();
    const config = { "openai-containers:requestsPerMinute": "1" };
    const backend = await hosted(emulator.baseUrl, {}, quick, ending.signal, config);
    const { id } = await backend.create(hostedArgs("analysis"), silent, named);
    const aborted = once(ending.signal, "abort");
    ending.abort();
    await aborted;
    await backend.delete(id, {}, silent);
    assert.equal(created(), 0);
  });

  describe("after the process was told to end", () => {
    let ending: AbortController;
    beforeEach(() => {
      ending = new AbortController();
    });

    it("sends a create no more that the API refused before", async () => {
      emulator = await startEmulator({ onRequest: () => ending.abort() });
      emulator.fault({ ...post, answer: { status: 429, headers: { "retry-after": "0" } } });
      const backend = await hosted(emulator.baseUrl, {}, quick, ending.signal);
      await assert.rejects(backend.create(hostedArgs("analysis"), silent, named), /Pulumi was told to end/);
      assert.deepEqual([emulator.requests.length, created()], [1, 0]);
    });

    it("cleans up through failures, and at the pace that the API asks for", async () => {
      emulator = await startEmulator();
      const backend = await hosted(emulator.baseUrl, {}, quick, ending.signal);
      const { id } = await backend.create(hostedArgs("analysis"), silent, named);
      ending.abort();
      emulator.fault({ method: "DELETE", answer: { status: 500 } });
      emulator.fault({ method: "DELETE", answer: { status: 429, headers: { "retry-after": "0.2" } }, times: 2 });
      const before = emulator.requests.length;
      const began = Date.now();
      await backend.delete(id, {}, silent);
      assert.deepEqual([emulator.requests.length - before, created()], [4, 0]);
      assert.ok(Date.now() - began >= 390, "two pauses of 200 ms");
    });
  });
});
