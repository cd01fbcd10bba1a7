import assert from "node:assert/strict";
import { request } from "node:http";
import OpenAI from "openai";
import { type Double, type DoubleOptions, type LoggedRequest, ManualClock, startDouble } from "../../sdk/double";

const start = 1_700_000_000;
const unknownId = `cntr_${"0".repeat(48)}`;

let running: Double | undefined;
let clock: ManualClock;

/** A double of its own for the test, with a clock that stands, and the official client of it. */
async function begin(options: DoubleOptions = {}, account: { organization?: string; project?: string } = {}) {
  clock = new ManualClock(start * 1000);
  running = await startDouble({ clock, ...options });
  return { double: running, containers: client(running, account).containers };
}

function client(double: Double, account: { organization?: string; project?: string } = {}): OpenAI {
  return new OpenAI({ apiKey: "key", baseURL: double.baseUrl, maxRetries: 0, ...account });
}

/** Rejects as the API refuses. */
function refuses(promise: PromiseLike<unknown>, status: number, body: object): Promise<void> {
  return assert.rejects(Promise.resolve(promise), (error) => {
    assert.ok(error instanceof OpenAI.APIError, String(error));
    assert.equal(error.status, status);
    assert.match(error.requestID ?? "", /^req_[0-9a-f]{32}$/);
    assert.deepEqual(error.error, { type: "invalid_request_error", param: null, code: null, ...body });
    return true;
  });
}

async function raw(double: Double, method: string, path: string, init: RequestInit = {}) {
  const headers = { authorization: "Bearer key", "content-type": "application/json" };
  const response = await fetch(new URL(path, double.baseUrl), { method, headers, ...init });
  assert.match(response.headers.get("x-request-id") ?? "", /^req_[0-9a-f]{32}$/);
  const text = await response.text();
  return { status: response.status, text, error: text.startsWith("{") ? JSON.parse(text).error : undefined };
}

describe("the double", () => {
  afterEach(() => running?.stop());

  it("makes a container with the API's defaults, and tells the same of it later", async () => {
    const { containers } = await begin();
    const { id, ...told } = await containers.create({ name: "plain" });
    assert.match(id, /^cntr_[0-9a-f]{48}$/);
    assert.deepEqual(told, {
      object: "container",
      name: "plain",
      created_at: start,
      status: "running",
      last_active_at: start,
      expires_after: { anchor: "last_active_at", minutes: 20 },
      memory_limit: "1g",
      network_policy: { type: "disabled" },
    });
    assert.deepEqual(await containers.retrieve(id), { id, ...told });
    assert.deepEqual((await containers.list()).data, [{ id, ...told }]);
  });

  it("tells what was asked for, but no secrets, skills or file ids", async () => {
    const { double, containers } = await begin();
    const policy = { type: "allowlist" as const, allowed_domains: ["a.example"] };
    const body: OpenAI.ContainerCreateParams = {
      name: "full",
      memory_limit: "16g",
      expires_after: { anchor: "last_active_at", minutes: 5 },
      file_ids: ["file-1"],
      skills: [{ type: "skill_reference", skill_id: "skill_1", version: "latest" }],
      network_policy: { ...policy, domain_secrets: [{ domain: "a.example", name: "KEY", value: "s3cret" }] },
    };
    const { id, ...told } = await containers.create(body);
    assert.deepEqual(told, {
      object: "container",
      name: "full",
      created_at: start,
      status: "running",
      last_active_at: start,
      expires_after: { anchor: "last_active_at", minutes: 5 },
      memory_limit: "16g",
      network_policy: policy,
    });
    assert.deepEqual(double.bodyOf(id), body);
    assert.deepEqual(double.containers(), [{ id, ...told }]);
  });

  it("pages through a list as the client asks", async () => {
    const { double, containers } = await begin();
    const ids = double.seed(
      Array.from({ length: 45 }, (_, index) => ({ name: `n${index}`, created_at: start - index })),
    );
    const first = await containers.list({ limit: 20 });
    assert.deepEqual([first.data.length, first.has_more], [20, true]);
    const seen: string[] = [];
    for await (const { id } of containers.list({ limit: 20 })) seen.push(id);
    assert.deepEqual(seen, ids);
    assert.equal((await containers.list({ name: "n7" })).data[0]?.id, ids[7]);
  });

  it("names the ends of a page, and none of an empty one", async () => {
    const { double } = await begin();
    const list = async () => JSON.parse((await raw(double, "GET", "/v1/containers?limit=2")).text);
    assert.deepEqual(await list(), { object: "list", data: [], first_id: null, last_id: null, has_more: false });
    const [, second, third] = double.seed([{}, {}, {}]);
    const { data: _, ...page } = await list();
    assert.deepEqual(page, { object: "list", first_id: third, last_id: second, has_more: true });
  });

  it("deletes for good", async () => {
    const { containers } = await begin();
    const { id } = await containers.create({ name: "a" });
    assert.deepEqual(await containers.delete(id), { id, object: "container.deleted", deleted: true });
    const body = { message: `Container with id '${id}' not found.` };
    await refuses(containers.delete(id), 404, body);
    await refuses(containers.retrieve(id), 404, body);
    assert.deepEqual((await containers.list()).data, []);
  });

  it("prolongs a life by retrieving, not by listing", async () => {
    const { containers } = await begin();
    const [kept, lost] = [await containers.create({ name: "kept" }), await containers.create({ name: "lost" })];
    clock.advance(19 * 60_000);
    assert.equal((await containers.retrieve(kept.id)).last_active_at, start + 19 * 60);
    await containers.list();
    clock.advance(60_000);
    const told = (await containers.list()).data.map(({ name, status }) => [name, status]);
    assert.deepEqual(told, [
      ["lost", "expired"],
      ["kept", "running"],
    ]);
    assert.equal((await containers.retrieve(lost.id)).status, "expired");
    assert.equal((await containers.retrieve(lost.id)).last_active_at, start);
    await containers.delete(lost.id);
  });

  it("can be told that a container was used, or is over", async () => {
    const { double, containers } = await begin();
    const [used = "", over = ""] = double.seed([{ name: "used" }, { name: "over" }]);
    double.expire(over);
    assert.equal((await containers.retrieve(over)).status, "expired");
    clock.advance(15 * 60_000);
    double.touch(used);
    clock.advance(15 * 60_000);
    assert.equal((await containers.retrieve(used)).status, "running");
    assert.throws(() => double.touch(over), /expired/);
    assert.throws(() => double.touch(unknownId), /no container/);
    assert.throws(() => double.expire(unknownId), /no container/);
  });

  it("tells the project of a key, and keeps projects apart", async () => {
    const double = await startDouble({ projects: { one: "proj_1" } });
    const ask = (authorization: string) => fetch(`${double.baseUrl}/containers`, { headers: { authorization } });
    assert.equal((await ask("Bearer one")).headers.get("openai-project"), "proj_1");
    assert.equal((await ask("Bearer two")).headers.get("openai-project"), null);
    assert.deepEqual(
      double.requests.map(({ account }) => account),
      ["-/proj_1", "-/-"],
    );
    await double.stop();
  });

  it("tells the time by its own clock", async () => {
    const clock = new ManualClock(Date.UTC(2030, 0, 1));
    const double = await startDouble({ clock });
    const { headers } = await fetch(`${double.baseUrl}/containers`, { headers: { authorization: "Bearer any" } });
    assert.equal(headers.get("date"), "Tue, 01 Jan 2030 00:00:00 GMT");
    await double.stop();
  });

  it("lets lists lag behind", async () => {
    const { containers } = await begin({ listLagSeconds: 2 });
    const { id } = await containers.create({ name: "late" });
    assert.deepEqual((await containers.list()).data, []);
    clock.advance(2000);
    assert.equal((await containers.list()).data.length, 1);
    await containers.delete(id);
    assert.equal((await containers.list()).data.length, 1);
    clock.advance(2000);
    assert.deepEqual((await containers.list()).data, []);
  });

  it("keeps accounts apart", async () => {
    const { double, containers } = await begin({}, { organization: "org-a", project: "proj-a" });
    const { id } = await containers.create({ name: "a" });
    assert.deepEqual(
      double.containers("org-a/proj-a").map(({ name }) => name),
      ["a"],
    );
    for (const other of [{}, { organization: "org-a" }, { organization: "org-b", project: "proj-a" }]) {
      const stranger = client(double, other).containers;
      const message = `Container with id '${id}' not found.`;
      await refuses(stranger.retrieve(id), 404, { message });
      await refuses(stranger.delete(id), 404, { message });
      assert.deepEqual((await stranger.list()).data, []);
      await refuses(stranger.list({ after: id }), 400, {
        message: `Invalid 'after': no container with id '${id}'.`,
        param: "after",
        code: "invalid_value",
      });
    }
    assert.equal(double.requests[0]?.account, "org-a/proj-a");
  });

  it("refuses in the API's words", async () => {
    const { containers } = await begin({ maximumMinutes: 30, organizationDomains: ["a.example"] });
    await refuses(containers.create({ name: "n", expires_after: { anchor: "last_active_at", minutes: 31 } }), 400, {
      message:
        "Invalid 'expires_after.minutes': integer above maximum value. Expected a value <= 30, but got 31 instead.",
      param: "expires_after.minutes",
      code: "integer_above_max_value",
    });
    const network_policy = { type: "allowlist" as const, allowed_domains: ["b.example"] };
    await refuses(containers.create({ name: "n", network_policy }), 400, {
      message: "Invalid 'network_policy.allowed_domains[0]': 'b.example' is not on the organization's allow list.",
      param: "network_policy.allowed_domains[0]",
      code: "invalid_value",
    });
    await refuses(containers.list({ limit: 101 }), 400, {
      message: "Invalid 'limit': integer above maximum value. Expected a value <= 100, but got 101 instead.",
      param: "limit",
      code: "integer_above_max_value",
    });
  });

  it("asks for a key, and takes only those it knows", async () => {
    const { double } = await begin({ keys: ["key", "other"] });
    for (const authorization of [undefined, "Basic a2V5", "Bearer "]) {
      const { status, error } = await raw(double, "GET", "/v1/containers", {
        headers: authorization ? { authorization } : {},
      });
      assert.equal(status, 401);
      assert.match(error.message, /^You didn't provide an API key\. You need to/);
      assert.equal(error.code, null);
    }
    const { status, error } = await raw(double, "GET", "/v1/containers", {
      headers: { authorization: "Bearer sk-proj-0123456789abcdef" },
    });
    assert.deepEqual([status, error.type, error.code], [401, "invalid_request_error", "invalid_api_key"]);
    assert.match(error.message, /^Incorrect API key provided: sk-proj-\*{12}cdef\. You can find/);
    assert.equal((await raw(double, "GET", "/v1/containers")).status, 200);
  });

  it("knows four operations and no more", async () => {
    const { double } = await begin();
    for (const [method, path] of [
      ["GET", "/v1/models"],
      ["PATCH", "/v1/containers"],
      ["POST", `/v1/containers/${unknownId}`],
      ["GET", `/v1/containers/${unknownId}/files`],
      ["GET", "/"],
    ] as const) {
      const { status, error } = await raw(double, method, path);
      assert.equal(status, 404);
      assert.deepEqual(error, {
        message: `Invalid URL (${method} ${path})`,
        type: "invalid_request_error",
        param: null,
        code: null,
      });
    }
  });

  it("refuses what is no JSON", async () => {
    const { double } = await begin();
    for (const body of ["", "{", '{"name": "a"} b', Buffer.from([0x22, 0xff, 0x22])]) {
      const { status, error } = await raw(double, "POST", "/v1/containers", { body });
      assert.equal(status, 400);
      assert.match(error.message, /^We could not parse the JSON body of your request\. \(HINT: /);
    }
    const headers = { authorization: "Bearer key", "content-type": "text/plain" };
    const { status, error } = await raw(double, "POST", "/v1/containers", { headers, body: '{"name": "a"}' });
    assert.deepEqual([status, error.code], [400, "unsupported_content_type"]);
    assert.deepEqual(double.containers(), []);
  });

  it("refuses a body of more than 512 MB before it comes", async () => {
    const { double } = await begin();
    const headers = { authorization: "Bearer key", "content-type": "application/json", "content-length": 512_000_001 };
    const status = await new Promise((resolve, reject) => {
      const sent = request(`${double.baseUrl}/containers`, { method: "POST", headers }, (response) => {
        resolve(response.statusCode);
        sent.destroy();
      });
      sent.on("error", reject);
      sent.flushHeaders();
    });
    assert.equal(status, 413);
  });

  it("limits how often an organisation asks", async () => {
    const { double } = await begin({ requestsPerMinute: 2 });
    const asked = (organization: string) => client(double, { organization }).containers.list();
    await asked("org-a");
    await asked("org-a");
    await assert.rejects(asked("org-a"), (error) => {
      assert.ok(error instanceof OpenAI.RateLimitError, String(error));
      assert.equal(error.headers.get("retry-after"), "60");
      assert.deepEqual([error.type, error.code], ["requests", "rate_limit_exceeded"]);
      assert.match(error.message, /Rate limit reached for requests in organization org-a .* Please try again in 60s\./);
      return true;
    });
    await asked("org-b");
    clock.advance(60_000);
    await asked("org-a");
  });

  it("writes down each request without its headers and body", async () => {
    const told: LoggedRequest[] = [];
    const { double, containers } = await begin({ onRequest: (each) => told.push(each) });
    await containers.create({ name: "a" });
    clock.advance(1000);
    await containers.list({ limit: 5, name: "a" });
    await assert.rejects(containers.retrieve(unknownId));
    assert.deepEqual(
      double.requests.map(({ requestId: _, ...each }) => each),
      [
        { at: start * 1000, method: "POST", path: "/v1/containers", query: "", status: 200, account: "-/-" },
        {
          at: (start + 1) * 1000,
          method: "GET",
          path: "/v1/containers",
          query: "limit=5&name=a",
          status: 200,
          account: "-/-",
        },
        {
          at: (start + 1) * 1000,
          method: "GET",
          path: `/v1/containers/${unknownId}`,
          query: "",
          status: 404,
          account: "-/-",
        },
      ],
    );
    assert.deepEqual(told, double.requests);
  });

  it("answers a page of 120,000 containers at once", async () => {
    const { double, containers } = await begin();
    const ids = double.seed(Array.from({ length: 120_000 }, () => ({})));
    const began = performance.now();
    for (let page = 1; page <= 50; page += 1) {
      const { data } = await containers.list({ limit: 100, after: ids[page * 2000] ?? "" });
      assert.equal(data.at(0)?.id, ids[page * 2000 - 1]);
    }
    const took = performance.now() - began;
    assert.ok(took < 2000, `50 pages took ${took} ms`);
  });
});
