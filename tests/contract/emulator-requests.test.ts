import assert from "node:assert/strict";
import { request } from "node:http";
import OpenAI from "openai";
import type { LoggedRequest } from "../../sdk/emulator";
import {
  assertRejected,
  client,
  clock,
  send,
  startSeconds,
  startWithClient,
  stopEmulator,
  unknownId,
} from "../support/emulator-client";

describe("a request to the emulator", () => {
  afterEach(stopEmulator);

  it("is rejected with the API's status, code and message", async () => {
    const { containers } = await startWithClient({ maximumMinutes: 30, organizationDomains: ["a.example.com"] });
    await assertRejected(
      containers.create({ name: "n", expires_after: { anchor: "last_active_at", minutes: 31 } }),
      400,
      {
        message:
          "Invalid 'expires_after.minutes': integer above maximum value. Expected a value <= 30, but got 31 instead.",
        param: "expires_after.minutes",
        code: "integer_above_max_value",
      },
    );
    const network_policy = { type: "allowlist" as const, allowed_domains: ["b.example.com"] };
    await assertRejected(containers.create({ name: "n", network_policy }), 400, {
      message: "Invalid 'network_policy.allowed_domains[0]': 'b.example.com' is not on the organization's allow list.",
      param: "network_policy.allowed_domains[0]",
      code: "invalid_value",
    });
    await assertRejected(containers.list({ limit: 101 }), 400, {
      message: "Invalid 'limit': integer above maximum value. Expected a value <= 100, but got 101 instead.",
      param: "limit",
      code: "integer_above_max_value",
    });
  });

  it("is rejected for skill data that is not base64, and creates nothing", async () => {
    const { emulator, containers } = await startWithClient();
    const source = { type: "base64", media_type: "application/zip", data: "PK\u0003\u0004" } as const;
    const skills = [{ type: "inline", name: "report", description: "Writes reports", source } as const];
    await assertRejected(containers.create({ name: "n", skills }), 400, {
      message: "Invalid 'skills[0].source.data': not base64. Expected base64 with padding.",
      param: "skills[0].source.data",
      code: "invalid_value",
    });
    assert.deepEqual(emulator.containers(), []);
  });

  it("is rejected without an API key, or with one that is not accepted", async () => {
    const { emulator } = await startWithClient({ keys: ["key", "other"] });
    for (const authorization of [undefined, "Basic a2V5", "Bearer "]) {
      const { status, error } = await send(emulator, "GET", "/v1/containers", {
        headers: authorization ? { authorization } : {},
      });
      assert.equal(status, 401);
      assert.match(error.message, /^You didn't provide an API key\. You need to/);
      assert.equal(error.code, null);
    }
    const { status, error } = await send(emulator, "GET", "/v1/containers", {
      headers: { authorization: "Bearer sk-proj-0123456789abcdef" },
    });
    assert.deepEqual([status, error.type, error.code], [401, "invalid_request_error", "invalid_api_key"]);
    assert.match(error.message, /^Incorrect API key provided: sk-proj-\*{12}cdef\. You can find/);
    assert.equal((await send(emulator, "GET", "/v1/containers")).status, 200);
  });

  it("is rejected with 404 for any other endpoint", async () => {
    const { emulator } = await startWithClient();
    for (const [method, path] of [
      ["GET", "/v1/models"],
      ["PATCH", "/v1/containers"],
      ["POST", `/v1/containers/${unknownId}`],
      ["POST", `/v1/containers/${unknownId}/files`],
      ["DELETE", `/v1/containers/${unknownId}/files/cfile_1`],
      ["GET", "/"],
    ] as const) {
      const { status, error } = await send(emulator, method, path);
      assert.equal(status, 404);
      assert.deepEqual(error, {
        message: `Invalid URL (${method} ${path})`,
        type: "invalid_request_error",
        param: null,
        code: null,
      });
    }
  });

  it("is rejected for invalid JSON, and for another content type", async () => {
    const { emulator } = await startWithClient();
    for (const body of ["", "{", '{"name": "a"} b', Buffer.from([0x22, 0xff, 0x22])]) {
      const { status, error } = await send(emulator, "POST", "/v1/containers", { body });
      assert.equal(status, 400);
      assert.match(error.message, /^We could not parse the JSON body of your request\. \(HINT: /);
    }
    const headers = { authorization: "Bearer key", "content-type": "text/plain" };
    const { status, error } = await send(emulator, "POST", "/v1/containers", { headers, body: '{"name": "a"}' });
    assert.deepEqual([status, error.code], [400, "unsupported_content_type"]);
    assert.deepEqual(emulator.containers(), []);
  });

  it("is rejected for a body of more than 512 MB before the body arrives", async () => {
    const { emulator } = await startWithClient();
    const headers = { authorization: "Bearer key", "content-type": "application/json", "content-length": 512_000_001 };
    const status = await new Promise((resolve, reject) => {
      const outgoing = request(`${emulator.baseUrl}/containers`, { method: "POST", headers }, (response) => {
        resolve(response.statusCode);
        outgoing.destroy();
      });
      outgoing.on("error", reject);
      outgoing.flushHeaders();
    });
    assert.equal(status, 413);
  });

  it("is limited per organization and minute", async () => {
    const { emulator } = await startWithClient({ requestsPerMinute: 2 });
    const list = (organization: string) => client(emulator, { organization }).containers.list();
    await list("org-a");
    await list("org-a");
    await assert.rejects(list("org-a"), (error) => {
      assert.ok(error instanceof OpenAI.RateLimitError, String(error));
      assert.equal(error.headers.get("retry-after"), "60");
      assert.deepEqual([error.type, error.code], ["requests", "rate_limit_exceeded"]);
      assert.match(error.message, /Rate limit reached for requests in organization org-a .* Please try again in 60s\./);
      return true;
    });
    await list("org-b");
    clock.advance(60_000);
    await list("org-a");
  });

  it("is logged without its headers and body", async () => {
    const logged: LoggedRequest[] = [];
    const { emulator, containers } = await startWithClient({ onRequest: (each) => logged.push(each) });
    await containers.create({ name: "a" });
    clock.advance(1000);
    await containers.list({ limit: 5, name: "a" });
    await assert.rejects(containers.retrieve(unknownId));
    assert.deepEqual(
      emulator.requests.map(({ requestId: _, ...each }) => each),
      [
        { at: startSeconds * 1000, method: "POST", path: "/v1/containers", query: "", status: 200, account: "-/-" },
        {
          at: (startSeconds + 1) * 1000,
          method: "GET",
          path: "/v1/containers",
          query: "limit=5&name=a",
          status: 200,
          account: "-/-",
        },
        {
          at: (startSeconds + 1) * 1000,
          method: "GET",
          path: `/v1/containers/${unknownId}`,
          query: "",
          status: 404,
          account: "-/-",
        },
      ],
    );
    assert.deepEqual(logged, emulator.requests);
  });
});
