import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { placeholder, useSite } from "../support/egress/site";
import { ask } from "../support/egress/speak";

const headers = { Authorization: `Bearer ${placeholder}` };

describe("an upstream", () => {
  const site = useSite(
    { dialMs: 1000 },
    { allowedDomains: ["a.example.com", "b.example.com"], subnets: ["10.111.255.0/24"] },
  );
  const point = (name: string, ...addresses: string[]) => site().resolver.addresses.set(name, addresses);
  afterEach(() => {
    point("a.example.com", site().upstream.address);
    site().upstream.cut(); // so that the next one dials
  });

  // An address, and what it is.
  const forbidden: [address: string, what: string][] = [
    ["127.0.0.1", "loopback"],
    ["127.8.8.8", "loopback"],
    ["0.0.0.0", "this host"],
    ["169.254.169.254", "metadata"],
    ["169.254.1.1", "link-local"],
    ["100.100.100.200", "metadata"],
    ["168.63.129.16", "metadata"],
    ["10.0.0.1", "private"],
    ["172.16.0.1", "private"],
    ["172.31.255.254", "private"],
    ["192.168.1.1", "private"],
    ["100.64.0.1", "a carrier's"],
    ["192.0.0.8", "reserved"],
    ["192.0.2.1", "documentation"],
    ["192.88.99.1", "6to4"],
    ["198.18.0.1", "benchmarks"],
    ["224.0.0.251", "multicast"],
    ["240.0.0.1", "reserved"],
    ["255.255.255.255", "broadcast"],
    ["10.111.255.7", "the gateway's own network, although in an opened range"],
  ];
  for (const [address, what] of forbidden) {
    it(`is not dialled at ${address} (${what})`, async () => {
      point("a.example.com", address);
      const from = site().gateway.lines.length;
      const { status, body } = await ask(site(), "TLS, by the proxy", "a.example.com", "/", { headers });
      assert.equal(status, 502);
      const reason = "a.example.com resolves to no address that may be dialled";
      assert.equal(body, `OC6034: the gateway of cntr_test got no valid response from the upstream: ${reason}\n`); // without the address
      await site().gateway.line((line) => line["reason"] === `OC6034: ${reason} (${address})`, from);
      assert.equal(site().upstream.connections, 0);
    });
  }

  it("is dialled at the allowed one of several addresses", async () => {
    point("a.example.com", "127.0.0.1", "169.254.169.254", site().upstream.address, "10.0.0.1");
    assert.equal((await ask(site(), "TLS, by the proxy", "a.example.com")).status, 200);
  });

  it("is checked again for each new connection: DNS rebinding is not followed", async () => {
    assert.equal((await ask(site(), "TLS, by the proxy", "a.example.com")).status, 200);
    point("a.example.com", "127.0.0.1");
    site().upstream.cut();
    for (const way of ["TLS, by the proxy", "plain HTTP, by the proxy"] as const) {
      const { status, body } = await ask(site(), way, "a.example.com", "/", { headers });
      assert.equal(status, 502, body);
    }
    assert.equal(site().upstream.received.includes(placeholder), false);
  });

  it("is resolved to IPv4 addresses alone, with no query for IPv6", async () => {
    site().resolver.questions.length = 0;
    await ask(site(), "TLS, by the proxy", "a.example.com");
    assert.deepEqual([...new Set(site().resolver.questions)], ["a.example.com 1"]);
  });

  it("without an address gives 502 with the reason", async () => {
    site().resolver.addresses.delete("a.example.com");
    const unknown = await ask(site(), "TLS, by the proxy", "a.example.com");
    assert.deepEqual([unknown.status, unknown.headers["x-openai-containers-policy"]], [502, undefined]);
    assert.match(unknown.body, /^OC6033: .*: a\.example\.com cannot be resolved \(ENOTFOUND\)\n$/);
  });

  it("that refuses the connection gives 502 with the reason", async () => {
    point("a.example.com", site().anotherUpstream().address); // nobody listens there
    const { status, body } = await ask(site(), "TLS, by the proxy", "a.example.com");
    assert.equal(status, 502);
    assert.match(body, /^OC6036: .*a\.example\.com refused the connection/);
  });

  it("that does not respond in time gives 504 with the reason", async () => {
    const { address } = site().anotherUpstream();
    const held: Socket[] = [];
    const silent = createServer((socket) => held.push(socket)).listen(443, address);
    await once(silent, "listening");
    point("a.example.com", address);
    const { status, body } = await ask(site(), "TLS, by the proxy", "a.example.com");
    assert.equal(status, 504);
    assert.match(body, /^OC6035: .*a\.example\.com timed out/);
    for (const socket of held) socket.destroy();
    silent.close();
  });

  it("whose response is not HTTP gives 502 with the reason", async () => {
    site().upstream.handle = (_request, response) => {
      response.socket?.end("nonsense\r\n\r\n");
    };
    const { status, body } = await ask(site(), "TLS, by the proxy", "a.example.com");
    assert.equal(status, 502);
    assert.match(body, /^OC6039: .*a\.example\.com sent an invalid response: not HTTP \(no status line\)/);
  });

  it("that changes the protocol without a request for it gives 502 with the reason", async () => {
    site().upstream.handle = (_request, response) => {
      response.socket?.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n");
    };
    const { status, body } = await ask(site(), "TLS, by the proxy", "a.example.com");
    assert.equal(status, 502);
    assert.match(body, /a change of protocol that was not requested/);
  });

  const certificates: Record<string, (names: string[]) => { certificate: string; key: string }> = {
    "of an untrusted CA": (names) => site().authority.sign(names),
    "for another name": () => site().upstreamAuthority.sign(["b.example.com", "x.a.example.com"]),
    "for a name above it": () => site().upstreamAuthority.sign(["example"]),
    "that is over": (names) => site().upstreamAuthority.sign(names, "-days", "-1"),
  };
  for (const [what, make] of Object.entries(certificates)) {
    it(`with a certificate ${what} gets no byte`, async () => {
      const upstream = site().anotherUpstream();
      await upstream.start(make(["a.example.com"]));
      point("a.example.com", upstream.address);
      for (const way of ["TLS, by the proxy", "TLS, without a proxy"] as const) {
        const { status, body } = await ask(site(), way, "a.example.com", "/", { headers, method: "POST", body: "x" });
        assert.equal(status, 502);
        assert.match(body, /the certificate of a\.example\.com is not trusted \([A-Z_]+\)/);
      }
      assert.ok(upstream.connections >= 2);
      assert.equal(upstream.received, "");
    });
  }

  it("gets its own name as SNI", async () => {
    await ask(site(), "TLS, by the proxy", "b.example.com");
    assert.deepEqual(site().upstream.names, ["b.example.com"]);
  });
});

describe("private networks without privateRanges", () => {
  const site = useSite({}, { privateRanges: [] });

  it("are not dialled", async () => {
    const { status, body } = await ask(site(), "plain HTTP, by the proxy", "a.example.com");
    assert.equal(status, 502);
    assert.match(body, /resolves to no address that may be dialled\n$/);
    assert.equal(site().upstream.connections, 0);
  });
});

describe("addresses that privateRanges cannot allow", () => {
  const site = useSite({}, { privateRanges: ["0.0.0.0/0"] });

  for (const address of ["127.0.0.1", "169.254.169.254", "0.0.0.0", "224.0.0.1", "255.255.255.255"]) {
    it(`are not dialled: ${address}`, async () => {
      site().resolver.addresses.set("b.example.com", [address]);
      const { status } = await ask(site(), "plain HTTP, by the proxy", "b.example.com");
      assert.equal(status, 502);
    });
  }
});
