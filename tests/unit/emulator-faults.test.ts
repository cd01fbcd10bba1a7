import assert from "node:assert/strict";
import type { Fault } from "../../sdk/emulator/faults/fault";
import { FaultQueue, faultSchema } from "../../sdk/emulator/faults/fault-queue";
import type { ApiRequest } from "../../sdk/emulator/http/api-request";

function request(method: string, path = "/v1/containers", query = ""): ApiRequest {
  const headers = { organization: "-", project: "-", account: "-/-", authorization: undefined, contentType: undefined };
  return { method, path, query, ...headers, body: Buffer.alloc(0) };
}

/** The response of the fault that each request gets, or `-`. */
function hits(faults: Fault[], requests: ApiRequest[]): string {
  const queue = new FaultQueue();
  for (const fault of faults) queue.add(fault);
  return requests.map((each) => String(queue.take(each)?.answer ?? "-")).join(" ");
}

const posts = [1, 2, 3, 4].map(() => request("POST"));

describe("the emulator's faults", () => {
  it("apply to one request by default, and honour skip and times", () => {
    assert.equal(hits([{ answer: "cut" }], posts), "cut - - -");
    assert.equal(hits([{ answer: "cut", times: 2 }], posts), "cut cut - -");
    assert.equal(hits([{ answer: "cut", skip: 1, times: 2 }], posts), "- cut cut -");
    assert.equal(hits([{ answer: "cut", skip: 3, times: 2 }], posts), "- - - cut");
  });

  it("apply to requests that meet every condition", () => {
    const requests = [
      request("GET", "/v1/containers", "limit=1"),
      request("GET", "/v1/containers", "limit=1&name=a"),
      request("GET", "/v1/containers/cntr_1"),
      request("DELETE", "/v1/containers/cntr_1"),
    ];
    const always = { answer: "cut", times: 9 } as const;
    assert.equal(hits([{ ...always, method: "GET" }], requests), "cut cut cut -");
    assert.equal(hits([{ ...always, path: "/v1/containers" }], requests), "cut cut - -");
    assert.equal(hits([{ ...always, path: "/v1/containers/*" }], requests), "- - cut cut");
    assert.equal(hits([{ ...always, query: "name=" }], requests), "- cut - -");
    assert.equal(hits([{ ...always, method: "GET", path: "/v1/containers/*" }], requests), "- - cut -");
  });

  it("count only matching requests as skipped", () => {
    const requests = [request("GET"), request("POST"), request("GET"), request("POST")];
    assert.equal(hits([{ method: "POST", skip: 1, answer: "cut" }], requests), "- - - cut");
  });

  it("apply one per request, in the order in which they were added", () => {
    assert.equal(hits([{ answer: "cut" }, { answer: "hang" }], posts), "cut hang - -");
    assert.equal(
      hits(
        [
          { answer: "cut", skip: 1 },
          { answer: "hang", times: 2 },
        ],
        posts,
      ),
      "hang cut hang -",
    );
  });

  it("are removed by clear", () => {
    const faults = new FaultQueue();
    faults.add({ answer: "cut" });
    faults.clear();
    assert.equal(faults.take(request("POST")), undefined);
  });

  it("parse from JSON to the same value, and reject invalid faults", () => {
    const all: Fault[] = [
      { method: "POST", path: "/v1/containers", query: "a", skip: 1, times: 2, afterWork: true, answer: "truncated" },
      { answer: { status: 503, headers: { "retry-after": "1" }, body: { any: ["thing"] } } },
      { answer: { delayMs: 10 } },
      { answer: { patch: { memory_limit: "1g", network_policy: null } } },
    ];
    for (const fault of all) assert.deepEqual(faultSchema.parse(JSON.parse(JSON.stringify(fault))), fault);
    const invalid = [
      {},
      { answer: "cutt" },
      { answer: { status: 99 } },
      { answer: "cut", skip: -1 },
      { answer: "cut", to: 1 },
      { answer: { patch: "memory_limit" } },
      { answer: { patch: {}, status: 200 } },
    ];
    for (const fault of invalid) assert.equal(faultSchema.safeParse(fault).success, false, JSON.stringify(fault));
  });
});
