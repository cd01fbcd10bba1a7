import assert from "node:assert/strict";
import type { OpenAIBackend } from "../../provider/backends/openai/openai-backend";
import { diff } from "../../provider/lifecycle/diff";
import { recordFrom } from "../../provider/model/record";
import { type Answer, type ContainerResource, type Double, ManualClock, startDouble } from "../../sdk/double";
import { hosted, hostedArgs, quick } from "../support/hosted";
import { named } from "../support/making";
import { silent } from "../support/silent";

const minute = 60_000;

describe("observe on the hosted API", () => {
  let clock: ManualClock;
  let double: Double;
  let backend: OpenAIBackend;

  beforeEach(async () => {
    clock = new ManualClock();
    double = await startDouble({ clock, requestsPerMinute: 1_000_000 });
    backend = await hosted(double.baseUrl);
  });
  afterEach(() => double.stop());

  const gets = () => double.requests.filter(({ path }) => path.startsWith("/v1/containers/")).length;
  const lists = () =>
    double.requests.filter(({ method, path }) => method === "GET" && path === "/v1/containers").length;
  const seconds = () => Math.floor(clock.now() / 1000);

  /** Some containers made at some age, in seconds. */
  function seed(count: number, age: number, changes: Partial<ContainerResource> = {}): ContainerResource[] {
    const created_at = seconds() - age;
    const ids = new Set(
      double.seed(Array.from({ length: count }, (_, at) => ({ name: `c-${age}-${at}`, created_at, ...changes }))),
    );
    return double.containers().filter(({ id }) => ids.has(id));
  }

  function look({ id, name, created_at: createdAt }: ContainerResource) {
    return backend.observe(id, { name, createdAt }, silent);
  }

  it("finds a thousand containers in ten pages, in whatever order they are asked for", async () => {
    const ours = [...seed(500, 60), ...seed(500, 30)].sort((a, b) => a.id.localeCompare(b.id));
    for (const container of ours) assert.equal((await look(container))?.id, container.id);
    assert.deepEqual([lists(), gets()], [10, 0]);
  });

  it("reads no further than the age of what it looks for", async () => {
    seed(1_000, 3_600);
    const [young] = seed(10, 60);
    assert.ok(young);
    await look(young);
    assert.deepEqual([lists(), gets()], [1, 0]);
  });

  it("reads a page once for many that ask at the same time", async () => {
    const ours = seed(100, 60);
    await Promise.all(ours.map(look));
    assert.deepEqual([lists(), gets()], [1, 0]);
  });

  it("finds one under 100,000 younger ones that expired, by its name", async () => {
    const [old] = seed(1, 86_400);
    seed(100_000, 60, { status: "expired" });
    assert.ok(old);
    assert.equal((await look(old))?.id, old.id);
    assert.deepEqual([lists(), gets()], [11, 0]);
  }).timeout(20_000);

  it("reads one page only where the pace of the list tells that it lies deep", async () => {
    const [old] = seed(1, 86_400);
    for (let age = 0; age < 2_000; age += 10) seed(10, age, { status: "expired" });
    assert.ok(old);
    assert.equal((await look(old))?.id, old.id);
    assert.deepEqual([lists(), gets()], [2, 0]);
  });

  it("confirms by one GET what it would look for too long, as 100,000 younger ones have its name", async () => {
    const [old] = seed(1, 86_400, { name: "sandbox" });
    seed(100_000, 60, { status: "expired", name: "sandbox" });
    assert.ok(old);
    assert.equal((await look(old))?.id, old.id);
    assert.deepEqual([lists(), gets()], [13, 1]);
  }).timeout(20_000);

  it("needs at most twice the requests of the cheaper way, where many lie deep", async () => {
    const ours = seed(100, 86_400);
    seed(3_000, 60, { status: "expired" });
    for (const container of ours) assert.equal((await look(container))?.id, container.id);
    assert.equal(gets(), 0);
    assert.ok(lists() <= 10 + 2 * 21, `${lists()} lists, where 31 pages would have done`);
  });

  it("prolongs nothing's life", async () => {
    const { id, createdAt, name } = await backend.create(hostedArgs("analysis"), silent, named);
    clock.advance(19 * minute);
    for (let again = 0; again < 3; again += 1) {
      assert.equal((await (await hosted(double.baseUrl)).observe(id, { createdAt, name }, silent))?.status, "running");
    }
    clock.advance(minute);
    assert.equal((await (await hosted(double.baseUrl)).observe(id, { createdAt, name }, silent))?.status, "expired");
  });

  it("asks once before it takes for gone what lists do not tell of yet", async () => {
    await double.stop();
    double = await startDouble({ clock, listLagSeconds: 60 });
    backend = await hosted(double.baseUrl);
    const { id, createdAt, name } = await backend.create(hostedArgs("analysis"), silent, named);
    assert.equal((await backend.observe(id, { createdAt, name }, silent))?.status, "running");
    assert.deepEqual([lists(), gets()], [1, 1]);
  });

  it("tells the policy that was asked for, without its secrets", async () => {
    const domainSecrets = [{ domain: "pypi.org", name: "TOKEN", value: "s3cret" }];
    const allowedDomains = ["pypi.org", "api.github.com"];
    const args = hostedArgs("analysis", { networkPolicy: { type: "allowlist", allowedDomains, domainSecrets } });
    const created = await backend.create(args, silent, named);
    assert.deepEqual(created.networkPolicy, { type: "allowlist", allowedDomains });
    assert.deepEqual(await backend.observe(created.id, created, silent), created);
  });

  it("takes for gone what a GET does not know", async () => {
    const [gone] = seed(1, 60);
    assert.ok(gone);
    await (await hosted(double.baseUrl)).delete(gone.id, {}, silent);
    assert.equal(await look(gone), undefined);
  });

  it("takes for gone what it removed itself, although a list still tells of it", async () => {
    await double.stop();
    double = await startDouble({ clock, listLagSeconds: 60 });
    backend = await hosted(double.baseUrl);
    const [one] = seed(1, 120);
    assert.ok(one && (await look(one)));
    await backend.delete(one.id, {}, silent);
    assert.equal(await look(one), undefined);
  });

  it("takes the status deleted for gone, and one that it does not know for alive", async () => {
    const [deleted] = seed(1, 60, { status: "deleted" });
    const [odd] = seed(1, 60, { status: "hibernating" });
    assert.ok(deleted && odd);
    assert.equal(await look(deleted), undefined);
    assert.equal((await look(odd))?.status, "hibernating");
  });

  it("asks directly where only an id is known", async () => {
    const [one] = seed(1, 60);
    assert.ok(one);
    assert.equal((await backend.observe(one.id, {}, silent))?.name, one.name);
    assert.deepEqual([lists(), gets()], [0, 1]);
  });

  it("reads the list where no name is known, too, and asks directly for what that would take too long", async () => {
    const [old] = seed(1, 86_400);
    for (let age = 0; age < 2_000; age += 10) seed(10, age, { status: "expired" });
    const [young] = seed(1, 5);
    assert.ok(old && young);
    assert.equal((await backend.observe(young.id, { createdAt: young.created_at }, silent))?.id, young.id);
    assert.deepEqual([lists(), gets()], [1, 0]);
    assert.equal((await backend.observe(old.id, { createdAt: old.created_at }, silent))?.id, old.id);
    assert.deepEqual([lists(), gets()], [1, 1]);
  });

  it("reads on for one that lies within ten pages by the pace of all that it has read", async () => {
    for (let age = 0; age < 800; age += 1) seed(1, age);
    const eighth = double.containers()[750];
    assert.ok(eighth);
    assert.equal((await look(eighth))?.id, eighth.id);
    assert.deepEqual([lists(), gets()], [8, 0]);
    assert.ok(double.requests.every(({ query }) => !query.includes("name=")));
  });

  it("takes a page without containers for the last one, whatever it says", async () => {
    seed(150, 60);
    double.fault({ query: "after=", answer: { status: 200, body: { data: [], has_more: true } }, times: 99 });
    const [old] = double.containers().slice(-1);
    assert.ok(old);
    assert.equal((await look(old))?.id, old.id);
    assert.deepEqual([lists(), gets()], [2, 1]);
  });

  describe("by name", () => {
    const name = "sandbox";
    beforeEach(() => {
      for (let age = 0; age < 2_000; age += 10) seed(10, age, { status: "expired" });
    });

    it("finds one among more of its name and its second than a page holds", async () => {
      seed(150, 86_400, { name });
      const old = double.containers().at(-1);
      assert.ok(old);
      assert.equal((await look(old))?.id, old.id);
      assert.deepEqual([lists(), gets()], [3, 0]);
    });

    it("looks no further than the age of what it looks for", async () => {
      seed(150, 90_000, { name });
      const createdAt = seconds() - 86_400;
      assert.equal(await backend.observe("cntr_gone", { name, createdAt }, silent), undefined);
      assert.deepEqual([lists(), gets()], [2, 1]);
    });

    it("looks no further than it must", async () => {
      seed(150, 86_400, { name });
      const first = double.containers().find((one) => one.name === name);
      assert.ok(first);
      assert.equal((await look(first))?.id, first.id);
      assert.deepEqual([lists(), gets()], [2, 0]);
    });
  });

  it("tells a repair that there is nothing left", async () => {
    await assert.rejects(backend.repair("cntr_gone", {}, silent), {
      name: "BackendError",
      message: "Container cntr_gone is gone. Run the same command again to have it replaced.",
    });
  });

  const losses: Record<string, Answer | "cut" | "truncated" | "hang"> = {
    "the connection is cut": "cut",
    "the answer is cut in the middle": "truncated",
    "no answer comes": "hang",
    "the API fails": { status: 502 },
    "a gateway gives up": { status: 408 },
    "the limit is met": { status: 429, headers: { "retry-after": "0" } },
  };
  for (const [what, answer] of Object.entries(losses)) {
    it(`asks again where ${what}`, async () => {
      const [one] = seed(1, 60);
      assert.ok(one);
      double.fault({ path: "/v1/containers", answer });
      double.fault({ path: "/v1/containers/*", answer });
      assert.equal((await look(one))?.id, one.id);
      assert.equal((await backend.observe(one.id, {}, silent))?.id, one.id);
      assert.deepEqual([lists(), gets()], [2, 2]);
    });
  }

  it("takes nothing for gone on a 404 that is not the API's word about the container", async () => {
    const [one] = seed(1, 60);
    assert.ok(one);
    const invalidUrl = { error: { message: "Invalid URL (GET /v2)", code: null, param: null } };
    for (const body of [invalidUrl, "<html>Not found</html>", "Not found"]) {
      double.fault({ path: "/v1/containers/*", answer: { status: 404, body } });
      await assert.rejects(backend.observe(one.id, {}, silent), /HTTP 404.*Correct OPENAI_BASE_URL/);
    }
  });

  it("takes nothing for a container that is none", async () => {
    for (const [body, what] of [
      [{ ok: true }, "something else"],
      ["\n <html>", "a web page"],
    ] as const) {
      double.fault({ path: "/v1/containers/*", answer: { status: 200, body } });
      await assert.rejects(
        backend.observe("cntr_1", {}, silent),
        new RegExp(`is not the Containers API: it sent ${what}\\. Correct OPENAI_BASE_URL`),
      );
    }
  });

  it("asks for no more than once what is refused, and remembers no refusal", async () => {
    const [one] = seed(1, 60);
    assert.ok(one);
    double.fault({ answer: { status: 403, body: { error: { message: "No.", code: null, param: null } } } });
    await assert.rejects(look(one), /HTTP 403/);
    assert.equal(lists(), 1);
    assert.equal((await look(one))?.id, one.id);
  });

  it("gives up asking again when the process is to end", async () => {
    await double.stop();
    const ending = new AbortController();
    double = await startDouble({ clock, onRequest: () => setImmediate(() => ending.abort()) });
    backend = await hosted(double.baseUrl, {}, { ...quick, repeats: [60_000] }, ending.signal);
    double.fault({ answer: "cut" });
    await assert.rejects(backend.observe("cntr_1", {}, silent), /^BackendError: Pulumi was told to end/);
    assert.equal(double.requests.length, 1);
  }).timeout(5_000);

  it("tells of one that expired for how long it was idle", async () => {
    for (const [minutes, idle] of [
      [1, "1 idle minute"],
      [20, "20 idle minutes"],
    ] as const) {
      const [one] = seed(1, 60, { status: "expired", expires_after: { anchor: "last_active_at", minutes } });
      assert.ok(one);
      const record = recordFrom({ backend: "openai", createdAt: one.created_at, expiresAfter: one.expires_after });
      const { memoryLimit, networkPolicy, expiresAfter } = record;
      const inputs = { memoryLimit, networkPolicy, expiresAfter, backend: "openai" };
      const told: string[] = [];
      const report = { progress: () => {}, warning: (text: string) => told.push(text) };
      await diff(one.id, record, inputs, () => hosted(double.baseUrl), report);
      assert.deepEqual(told, [`container ${one.id} has expired after ${idle}: up puts a new, empty one in its place`]);
    }
  });

  it("does not try again for each container what failed for the first", async () => {
    const ours = seed(5, 60);
    double.fault({ answer: { status: 500 }, times: 1_000 });
    for (const one of ours) await assert.rejects(look(one), /HTTP 500/);
    assert.equal(double.requests.length, 5); // one and its four repetitions
  });

  it("takes no web page for an empty list", async () => {
    const [one] = seed(1, 60);
    assert.ok(one);
    double.fault({ answer: { status: 200, body: "<html>" } });
    await assert.rejects(look(one), /is not the Containers API: it sent a web page/);
  });

  it("stays with what is asked for where lists change while they are read", async () => {
    const ours = seed(300, 60);
    const [first, ...rest] = ours;
    assert.ok(first);
    await look(first);
    for (const { id } of double.containers().slice(0, 150)) double.expire(id);
    seed(50, 0);
    for (const one of rest) assert.equal((await look(one))?.id, one.id);
    assert.deepEqual([lists(), gets()], [3, 0]);
  });
});
