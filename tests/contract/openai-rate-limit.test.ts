import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { RateLimiter } from "../../provider/backends/openai/rate-limiter";
import { Throttle } from "../../provider/backends/openai/throttle";
import { type Emulator, scaledClock, startEmulator } from "../../sdk/emulator";
import { named } from "../support/create-context";
import { hosted, hostedArgs, quick } from "../support/hosted";
import { silent } from "../support/silent";

describe("the rate limit of a hosted account", () => {
  const factor = 100; // times as fast as the real clock
  const timeouts = { ...quick, rateWindowMs: 60_000 / factor };
  const config = { "openai-containers:requestsPerMinute": "20" };
  let emulator: Emulator;
  beforeEach(async () => {
    emulator = await startEmulator({ clock: scaledClock(factor), requestsPerMinute: 20 });
  });
  afterEach(() => emulator.stop());

  const open = (env: NodeJS.ProcessEnv = {}, ending?: AbortSignal, own: Record<string, string> = {}) =>
    hosted(emulator.baseUrl, env, timeouts, ending, { ...config, ...own });
  const statuses = () => new Set(emulator.requests.map(({ status }) => status));

  it("is shared by all backends of a process that are opened for the account", async () => {
    for (let burst = 0; burst < 4; burst += 1) {
      const [one, other] = [await open(), await open()];
      const names = Array.from({ length: 5 }, (_, at) => `c-${burst}-${at}`);
      await Promise.all(
        names.flatMap((name) => [one, other].map((each) => each.create(hostedArgs(name), silent, named))),
      );
    }
    assert.deepEqual([emulator.containers().length, statuses()], [40, new Set([200])]);
    const times = emulator.requests.map(({ at }) => at);
    assert.ok(Math.max(...times) - Math.min(...times) >= 60_000, "40 requests take a minute of the API's at least");
  });

  it("is separate for each key, and shared by all keys of a configured organization", async () => {
    await emulator.stop();
    const windowMs = 3_000; // so that sixty requests take less on a busy machine
    emulator = await startEmulator({ clock: scaledClock(60_000 / windowMs), requestsPerMinute: 20 });
    const fill = async (env: NodeJS.ProcessEnv) => {
      const backend = await hosted(emulator.baseUrl, env, { ...timeouts, rateWindowMs: windowMs }, undefined, config);
      await Promise.all(Array.from({ length: 20 }, () => backend.list(undefined, silent)));
    };
    const began = performance.now();
    await fill({ OPENAI_ORG_ID: "org-1", OPENAI_API_KEY: "sk-one" });
    await fill({ OPENAI_ORG_ID: "org-2", OPENAI_API_KEY: "sk-one" });
    await fill({ OPENAI_API_KEY: "sk-one" });
    // Under a common limit, the second and the third one would each wait for a window.
    assert.ok(performance.now() - began < 2 * windowMs);
    assert.deepEqual(statuses(), new Set([200]));
    await fill({ OPENAI_ORG_ID: "org-1", OPENAI_API_KEY: "sk-two" });
    assert.deepEqual(statuses(), new Set([200]));
  });

  it("pauses all backends of the account when the API asks one of them for a pause", async () => {
    const [one, other] = [await open(), await open()];
    emulator.fault({ answer: { status: 429, headers: { "retry-after": "30" } } });
    const first = one.list(undefined, silent);
    while (emulator.requests[0]?.status !== 429) await sleep(5);
    for (let turn = 0; turn < 20; turn += 1) await sleep(5); // in which the event loop reads the response
    await Promise.all([first, other.list(undefined, silent)]);
    const [refused, ...later] = emulator.requests.map(({ at }) => at);
    for (const at of later) assert.ok(refused && at - refused >= 29_000, `${at - (refused ?? 0)} ms`);
  });

  it("is kept by the other backends after one of them was shut down", async () => {
    const ending = new AbortController();
    const [one, other] = [await open({}, ending.signal), await open()];
    const fill = Array.from({ length: 20 }, () => one.list(undefined, silent));
    const waiting = one.list(undefined, silent);
    const goesOn = other.list(undefined, silent);
    await Promise.all(fill);
    ending.abort();
    await assert.rejects(waiting, /^BackendError: OC2133: /);
    assert.deepEqual(await goesOn, []);
    assert.deepEqual(statuses(), new Set([200]));
  });

  it("follows the requestsPerMinute that was set last", async () => {
    const many = await open();
    await Promise.all(Array.from({ length: 10 }, () => many.list(undefined, silent)));
    const few = await open({}, undefined, { "openai-containers:requestsPerMinute": "5" });
    const began = performance.now();
    await Promise.all([many.list(undefined, silent), few.list(undefined, silent)]);
    assert.ok(performance.now() - began >= timeouts.rateWindowMs / 2, "ten were sent in this minute already");
  });

  it("counts a request from the start of its response, however long that is read", async () => {
    const throttle = new Throttle(new RateLimiter(1, 100), new AbortController().signal);
    let isRead = () => {};
    const read = new Promise<void>((resolve) => {
      isRead = resolve;
    });
    const slow = throttle.run(
      (responded) => {
        responded();
        return read;
      },
      silent,
      false,
    );
    const began = performance.now();
    await throttle.run(async () => undefined, silent, false); // and would wait forever for the end of the response
    const took = performance.now() - began;
    assert.ok(took >= 95, `${took} ms`);
    isRead();
    await slow;
  });
});
