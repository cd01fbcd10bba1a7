import assert from "node:assert/strict";
import type { Call } from "../../sdk/emulator/call";
import type { Fault } from "../../sdk/emulator/fault";
import { Faults, faultSchema } from "../../sdk/emulator/faults";

function call(method: string, path = "/v1/containers", query = ""): Call {
  const headers = { organization: "-", project: "-", account: "-/-", authorization: undefined, contentType: undefined };
  return { method, path, query, ...headers, body: Buffer.alloc(0) };
}

/** Which of these requests the faults hit: the answer that it gets, or `-`. */
function hits(faults: Fault[], calls: Call[]): string {
  const waiting = new Faults();
  for (const fault of faults) waiting.add(fault);
  return calls.map((each) => String(waiting.take(each)?.answer ?? "-")).join(" ");
}

const posts = [1, 2, 3, 4].map(() => call("POST"));

describe("the emulator's faults", () => {
  it("hit one request unless told otherwise", () => {
    assert.equal(hits([{ answer: "cut" }], posts), "cut - - -");
    assert.equal(hits([{ answer: "cut", times: 2 }], posts), "cut cut - -");
    assert.equal(hits([{ answer: "cut", skip: 1, times: 2 }], posts), "- cut cut -");
    assert.equal(hits([{ answer: "cut", skip: 3, times: 2 }], posts), "- - - cut");
  });

  it("hit what meets all their conditions", () => {
    const calls = [
      call("GET", "/v1/containers", "limit=1"),
      call("GET", "/v1/containers", "limit=1&name=a"),
      call("GET", "/v1/containers/cntr_1"),
      call("DELETE", "/v1/containers/cntr_1"),
    ];
    const always = { answer: "cut", times: 9 } as const;
    assert.equal(hits([{ ...always, method: "GET" }], calls), "cut cut cut -");
    assert.equal(hits([{ ...always, path: "/v1/containers" }], calls), "cut cut - -");
    assert.equal(hits([{ ...always, path: "/v1/containers/*" }], calls), "- - cut cut");
    assert.equal(hits([{ ...always, query: "name=" }], calls), "- cut - -");
    assert.equal(hits([{ ...always, method: "GET", path: "/v1/containers/*" }], calls), "- - cut -");
  });

  it("skip only what they would hit", () => {
    const calls = [call("GET"), call("POST"), call("GET"), call("POST")];
    assert.equal(hits([{ method: "POST", skip: 1, answer: "cut" }], calls), "- - - cut");
  });

  it("come one at a time, the first given first", () => {
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

  it("are gone when cleared", () => {
    const faults = new Faults();
    faults.add({ answer: "cut" });
    faults.clear();
    assert.equal(faults.take(call("POST")), undefined);
  });

  it("are read from JSON as they are written in code", () => {
    const all: Fault[] = [
      { method: "POST", path: "/v1/containers", query: "a", skip: 1, times: 2, afterWork: true, answer: "truncated" },
      { answer: { status: 503, headers: { "retry-after": "1" }, body: { any: ["thing"] } } },
      { answer: { delayMs: 10 } },
      { answer: { patch: { memory_limit: "1g", network_policy: null } } },
    ];
    for (const fault of all) assert.deepEqual(faultSchema.parse(JSON.parse(JSON.stringify(fault))), fault);
    const wrong = [
      {},
      { answer: "cutt" },
      { answer: { status: 99 } },
      { answer: "cut", skip: -1 },
      { answer: "cut", to: 1 },
      { answer: { patch: "memory_limit" } },
      { answer: { patch: {}, status: 200 } },
    ];
    for (const fault of wrong) assert.equal(faultSchema.safeParse(fault).success, false, JSON.stringify(fault));
  });
});
