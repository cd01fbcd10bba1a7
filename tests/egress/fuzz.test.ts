import assert from "node:assert/strict";
import { useSite } from "../support/egress/site";
import { ask } from "../support/egress/speak";
import { fuzzAuthorities, fuzzConnect, fuzzDns, fuzzHandshake, fuzzLimits, fuzzMask, fuzzRequests } from "./fuzz";

// The same inputs each time; `fuzz.ts` by itself takes others, and more.
const seed = 1;

describe("a gateway under mutated input", () => {
  const site = useSite(fuzzLimits);
  afterEach(async () => {
    site().upstream.clear();
    site().upstream.cut(); // the next request needs another connection
    assert.equal((await ask(site(), "TLS, by the proxy", "a.example.com")).status, 200); // it still works
  });

  it("forwards no forbidden request", async () => assert.ok((await fuzzRequests(site(), 1000, seed)) > 100));
  it("forwards no forbidden request in a tunnel", async () => {
    assert.ok((await fuzzRequests(site(), 1000, seed, "a.example.com")) > 100);
  });
  it("opens no forbidden tunnel", async () => assert.ok((await fuzzConnect(site(), 1000, seed)) > 20));
  it("survives mutated TLS handshakes", async () => {
    await fuzzHandshake(site(), 500, seed);
    assert.equal(site().upstream.connections, 0);
  });
  it("resolves no forbidden name", () => assert.ok(fuzzDns(20_000, seed) > 100));
  it("parses names and ports alone as an authority", () => fuzzAuthorities(50_000, seed));
  it("masks secrets in mutated responses", () => fuzzMask(2000, seed));
});
