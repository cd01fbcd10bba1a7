import assert from "node:assert/strict";
import { useSite } from "../support/egress/site";
import { ask } from "../support/egress/speak";
import { fuzzAuthorities, fuzzConnect, fuzzDns, fuzzHandshake, fuzzLimits, fuzzMask, fuzzRequests } from "./fuzz";

// The same inputs each time; `fuzz.ts` by itself takes others, and more.
const seed = 1;

describe("mutated input", () => {
  const site = useSite(fuzzLimits);
  afterEach(async () => {
    site().upstream.clear();
    site().upstream.cut(); // what serves the next request is another connection
    assert.equal((await ask(site(), "TLS, by the proxy", "a.example")).status, 200); // it still works
  });

  it("as requests", async () => assert.ok((await fuzzRequests(site(), 1000, seed)) > 100));
  it("as requests in a tunnel", async () => {
    assert.ok((await fuzzRequests(site(), 1000, seed, "a.example")) > 100);
  });
  it("as CONNECT", async () => assert.ok((await fuzzConnect(site(), 1000, seed)) > 20));
  it("as handshakes", async () => {
    await fuzzHandshake(site(), 500, seed);
    assert.equal(site().upstream.connections, 0);
  });
  it("as questions of the DNS", () => assert.ok(fuzzDns(20_000, seed) > 100));
  it("as names", () => fuzzAuthorities(50_000, seed));
  it("as answers with secrets in them", () => fuzzMask(2000, seed));
});
