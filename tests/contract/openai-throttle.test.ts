import assert from "node:assert/strict";
import { once } from "node:events";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { RateLimiter } from "../../provider/backends/openai/rate-limiter";
import { Throttle } from "../../provider/backends/openai/throttle";
import { type Emulator, ManualClock, scaledClock, startEmulator } from "../../sdk/emulator";
import { named } from "../support/create-context";
import { hosted, hostedArgs, quick } from "../support/hosted";
import { silent } from "../support/silent";

const post = { method: "POST", path: "/v1/containers" };

describe("Throttle: requests to the hosted API", () => {
  let emulator: Emulator;
  afterEach(() => emulator?.stop());

  const created = () => emulator.containers().length;
  const args = (count: number) => Array.from({ length: count }, (_, at) => hostedArgs(`c-${at}`));

  it("stay under the limit of a sliding minute, and use it up", async () => {
    const factor = 100;
    emulator = await startEmulator({ clock: scaledClock(factor), requestsPerMinute: 20 });
    const timeouts = { ...quick, rateWindowMs: 60_000 / factor, responseMs: 10_000 };
    const config = { "openai-containers:requestsPerMinute": "20" };
    const backend = await hosted(emulator.baseUrl, {}, timeouts, undefined, config);
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

  it("all pause as long as the API asks, and then continue", async () => {
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

  it("pause longer each time where the API does not say how long", async () => {
    emulator = await startEmulator();
    emulator.fault({ ...post, answer: { status: 429 }, times: 2 });
    const backend = await hosted(emulator.baseUrl, {}, { ...quick, rateWindowMs: 600 });
    await backend.create(hostedArgs("analysis"), silent, named);
    const [first, second, third] = emulator.requests.map(({ at }) => at);
    assert.ok(first && second && third);
    assert.ok(second - first >= 9 && third - second >= 19, `${second - first} ms, ${third - second} ms`);
  });

  it("fail where the rate limit rejects them for longer than the time limit", async () => {
    emulator = await startEmulator();
    emulator.fault({ ...post, answer: { status: 429, headers: { "retry-after": "1" } }, times: 1_000_000 });
    const backend = await hosted(emulator.baseUrl, {}, { ...quick, rateLimitedMs: 2_500 });
    await assert.rejects(backend.create(hostedArgs("analysis"), silent, named), /OC2116: .* retries did not help/);
    const count = emulator.requests.length;
    assert.ok(count === 2 || count === 3, `${count} requests`);
  });

  it("let a rejected request go first", async () => {
    emulator = await startEmulator();
    emulator.fault({ ...post, answer: { status: 429, headers: { "retry-after": "0" } } });
    const config = { "openai-containers:requestsPerMinute": "1" };
    const backend = await hosted(emulator.baseUrl, {}, { ...quick, rateWindowMs: 50 }, undefined, config);
    const order: string[] = [];
    await Promise.all(args(3).map(async (one) => order.push((await backend.create(one, silent, named)).name)));
    assert.deepEqual(order, ["c-0", "c-1", "c-2"]);
  });

  it("run ten at a time", async () => {
    emulator = await startEmulator();
    const throttle = new Throttle(new RateLimiter(100, 60_000), new AbortController().signal);
    let running = 0;
    let most = 0;
    const call = async () => {
      running += 1;
      most = Math.max(most, running);
      await nextTurn();
      running -= 1;
    };
    await Promise.all(Array.from({ length: 50 }, () => throttle.run(call, silent, false)));
    assert.equal(most, 10);
  });

  for (const pauses of [
    [0.1, 0.3],
    [0.3, 0.1],
  ]) {
    it(`wait for the longest of several pauses: ${pauses.join(" s, ")} s`, async () => {
      emulator = await startEmulator();
      const throttle = new Throttle(new RateLimiter(100, 60_000), new AbortController().signal);
      const began = performance.now();
      for (const seconds of pauses) throttle.pause(seconds);
      await throttle.run(async () => undefined, silent, false);
      const took = performance.now() - began;
      assert.ok(took >= 290, `${took} ms`);
    });
  }

  it("report when a reported pause is over, and nothing more", async () => {
    emulator = await startEmulator();
    const throttle = new Throttle(new RateLimiter(100, 60_000), new AbortController().signal);
    throttle.pause(3.5); // it reports every two seconds
    const progress: string[] = [];
    const report = { ...silent, progress: (text: string) => progress.push(text), warning: assert.fail };
    await throttle.run(async () => undefined, report, false);
    await throttle.run(async () => undefined, report, false);
    assert.match(progress.join("; "), /^the API asked for a pause: [12] s to go; sending the request to the API$/);
  });

  it("are first come, first served, with retries first", async () => {
    emulator = await startEmulator();
    const throttle = new Throttle(new RateLimiter(2, 100), new AbortController().signal);
    const order: number[] = [];
    const call = (at: number, isAgain = false) => throttle.run(async () => order.push(at), silent, isAgain);
    await Promise.all([call(0), call(1), call(2), call(3), call(4), call(5, true)]);
    assert.deepEqual(order, [0, 1, 5, 2, 3, 4]);
  });

  it("report what they wait for", async () => {
    const clock = new ManualClock();
    emulator = await startEmulator({ clock });
    const ending = new AbortController();
    const throttle = new Throttle(new RateLimiter(1, 60_000), ending.signal);
    await throttle.run(async () => undefined, silent, false);
    const progress: string[] = [];
    const report = {
      ...silent,
      progress: (text: string) => {
        progress.push(text.replace(/\d+ s to go/, "N s to go"));
        if (progress.length === 2) throttle.pause(300);
        if (progress.length === 4) ending.abort();
      },
      warning: assert.fail,
    };
    await Promise.allSettled([1, 2].map(() => throttle.run(async () => undefined, report, false)));
    assert.deepEqual(progress, [
      "waiting for the rate limit, 1 requests per minute",
      "waiting for the rate limit, 1 requests per minute, 1 ahead of it in the queue",
      "the API asked for a pause: N s to go",
      "the API asked for a pause: N s to go, 1 ahead of it in the queue",
    ]);
  });

  it("are cancelled at shutdown while they wait, and completed once sent", async () => {
    const ending = new AbortController();
    let sent = 0;
    emulator = await startEmulator({
      onRequest: () => {
        sent += 1;
        if (sent === 2) ending.abort();
      },
    });
    emulator.fault({ ...post, answer: { delayMs: 200 }, times: 2 });
    const config = { "openai-containers:requestsPerMinute": "2" };
    const backend = await hosted(emulator.baseUrl, {}, quick, ending.signal, config);
    const outcomes = await Promise.allSettled(args(20).map((one) => backend.create(one, silent, named)));
    const refusals = outcomes.filter(({ status }) => status === "rejected");
    assert.equal(refusals.length, 18);
    for (const outcome of refusals) {
      assert.match(String(Reflect.get(outcome, "reason")), /^BackendError: OC2133: The request was cancelled/);
    }
    assert.deepEqual([created(), sent], [2, 2]);
  });

  it("are cancelled at shutdown while they wait for the end of a pause", async () => {
    emulator = await startEmulator();
    const ending = new AbortController();
    const throttle = new Throttle(new RateLimiter(100, 60_000), ending.signal);
    throttle.pause(0.2);
    let wasSent = false;
    const call = async () => {
      wasSent = true;
    };
    const waiting = throttle.run(call, silent, false);
    await nextTurn(); // it has its slot by now, and waits for a connection
    ending.abort();
    await assert.rejects(waiting, /^BackendError: OC2133: The request was cancelled/);
    await sleep(300); // nor is it sent when the pause is over
    assert.equal(wasSent, false);
  });

  it("leave no timer behind when they are cancelled", async () => {
    emulator = await startEmulator();
    const ending = new AbortController();
    const throttle = new Throttle(new RateLimiter(1, 60_000), ending.signal);
    await throttle.run(async () => undefined, silent, false);
    const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length;
    const before = timers();
    const waiting = throttle.run(async () => undefined, silent, false);
    assert.equal(timers(), before + 1);
    ending.abort();
    await assert.rejects(waiting);
    assert.equal(timers(), before);
  });

  it("are sent at once for clean-up after shutdown", async () => {
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

  describe("after shutdown began", () => {
    let ending: AbortController;
    beforeEach(() => {
      ending = new AbortController();
    });

    it("do not retry a create that the rate limit rejected", async () => {
      emulator = await startEmulator({ onRequest: () => ending.abort() });
      emulator.fault({ ...post, answer: { status: 429, headers: { "retry-after": "0" } } });
      const backend = await hosted(emulator.baseUrl, {}, quick, ending.signal);
      await assert.rejects(backend.create(hostedArgs("analysis"), silent, named), /^BackendError: OC2133: /);
      assert.deepEqual([emulator.requests.length, created()], [1, 0]);
    });

    it("retry a clean-up, with the pauses that the API asks for", async () => {
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
