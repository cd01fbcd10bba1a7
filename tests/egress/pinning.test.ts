import assert from "node:assert/strict";
import { once } from "node:events";
import { connect as connectSecure } from "node:tls";
import { denied, useSite } from "../support/egress/site";
import { connectBy, dial, say, secure, tunnel, ways } from "../support/egress/speak";

const get = (host: string, path = "/", more = "") => `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n${more}\r\n`;

describe("CONNECT, SNI and Host", () => {
  const site = useSite();
  const arrived = (path: string) => site().upstream.received.includes(` ${path} `);
  /** By the reason itself: the line of an earlier test's connection can come late. */
  const deniedFor = (why: string, from: number) =>
    site().gateway.line(({ decision, reason }) => decision === "denied" && reason === why, from);

  for (const other of ["b.example.com", denied]) {
    it(`have to agree: a tunnel to a.example.com does not lead to ${other} by SNI`, async () => {
      const from = site().gateway.lines.length;
      const inner = await secure(site(), await tunnel(site(), "a.example.com:443"), other, {
        rejectUnauthorized: false,
      });
      assert.equal(await say(inner, get(other)), "");
      assert.equal(site().upstream.connections, 0);
      await deniedFor(`OC6004: SNI mismatch: "${other}" in a tunnel to a.example.com`, from);
    });

    it(`have to agree: Host ${other} is denied in TLS for a.example.com, both ways`, async () => {
      for (const way of ["TLS, by the proxy", "TLS, without a proxy"] as const) {
        const response = await say(await ways[way](site(), "a.example.com"), get(other, "/fronted"));
        assert.match(response, /^HTTP\/1\.1 421 .*OC6005: .*the Host header does not match a\.example\.com\n$/s);
      }
      assert.equal(site().upstream.connections, 0);
    });

    it(`have to agree in a pipelined second request: Host ${other}`, async () => {
      for (const way of ["TLS, by the proxy", "TLS, without a proxy", "plain HTTP, in a tunnel"] as const) {
        const socket = await ways[way](site(), "a.example.com");
        const response = await say(
          socket,
          get("a.example.com", "/right") + get(other, "/fronted") + get("a.example.com", "/after"),
        );
        assert.match(response, /^HTTP\/1\.1 200 OK.*"\/right".*HTTP\/1\.1 421 /s);
      }
      assert.equal(arrived("/right"), true);
      assert.equal(arrived("/fronted"), false);
      assert.equal(arrived("/after"), false);
    });

    it(`have to agree in a kept connection's second request: Host ${other}`, async () => {
      const socket = await ways["TLS, by the proxy"](site(), "a.example.com");
      socket.write(get("a.example.com", "/right"));
      await once(socket, "data");
      assert.match(await say(socket, get(other, "/fronted")), /HTTP\/1\.1 421 /);
      assert.equal(arrived("/fronted"), false);
    });

    it(`have to agree in a proxy's plain request: Host ${other}`, async () => {
      const response = await say(await dial(site().gateway.ports.proxy), get(other, "http://a.example.com/fronted"));
      assert.match(response, /^HTTP\/1\.1 421 /);
      assert.equal(site().upstream.connections, 0);
    });

    it(`have to agree in CONNECT itself: Host ${other}`, async () => {
      const socket = await dial(site().gateway.ports.proxy);
      assert.match(
        await say(socket, `CONNECT a.example.com:443 HTTP/1.1\r\nHost: ${other}:443\r\n\r\n`),
        /^HTTP\/1\.1 421 /,
      );
    });
  }

  for (const host of [
    "a.example.com:80",
    "a.example.com:8443",
    "a.example.com:",
    "a.example.com:0443",
    "a.example.com,b.example.com",
    "a.example.com b.example.com",
    "",
  ]) {
    it(`have to agree in their ports and spelling: Host ${JSON.stringify(host)}`, async () => {
      const response = await say(await ways["TLS, by the proxy"](site(), "a.example.com"), get(host, "/fronted"));
      assert.match(response, /^HTTP\/1\.1 4(21|00) /);
      assert.equal(site().upstream.connections, 0);
    });
  }

  it("agree if the default port is spelled out", async () => {
    const inner = await ways["TLS, by the proxy"](site(), "a.example.com");
    assert.match(await say(inner, get("a.example.com:443", "/", "Connection: close\r\n")), /^HTTP\/1\.1 200 /);
    assert.match(site().upstream.received, /\r\nHost: a\.example\.com\r\n/);
  });

  it("are denied without SNI", async () => {
    for (const open of [() => tunnel(site(), "a.example.com:443"), () => dial(site().gateway.ports.https)]) {
      const from = site().gateway.lines.length;
      const inner = connectSecure({ socket: await open(), rejectUnauthorized: false, ALPNProtocols: ["http/1.1"] });
      await once(inner, "secureConnect");
      assert.equal(
        await say(
          inner.on("error", () => undefined),
          get("a.example.com"),
        ),
        "",
      );
      await deniedFor("OC6003: the TLS handshake has no server name (SNI)", from);
    }
    assert.equal(site().upstream.connections, 0);
  });

  it("are denied with a trailing dot, a longer name or a wildcard as SNI", async () => {
    for (const name of ["a.example.com.", "x.a.example.com", "a.example.com.evil.example.com", "*.example.com"]) {
      const inner = await secure(site(), await tunnel(site(), "a.example.com:443"), name, {
        rejectUnauthorized: false,
      });
      assert.equal(await say(inner, get("a.example.com")), "", name);
    }
    assert.equal(site().upstream.connections, 0);
  });

  it("are denied with an address as SNI", async () => {
    for (const address of ["169.254.169.254", "169.254.169.254.", "2852039166"]) {
      for (const [open, why] of [
        [() => tunnel(site(), "a.example.com:443"), `OC6004: SNI mismatch: "${address}" in a tunnel to a.example.com`],
        [
          () => dial(site().gateway.ports.https),
          `OC6001: "${address}" is not on the allow list (allowed: a.example.com, b.example.com)`,
        ],
      ] as const) {
        const from = site().gateway.lines.length;
        const inner = await secure(site(), await open(), address, { rejectUnauthorized: false });
        assert.equal(await say(inner, get("a.example.com")), "");
        await deniedFor(why, from);
      }
    }
    assert.equal(site().upstream.connections, 0);
  });

  it("are rejected if the client offers HTTP/2 only, by the alert and in the log", async () => {
    const from = site().gateway.lines.length;
    const offer = secure(site(), await tunnel(site(), "a.example.com:443"), "a.example.com", { ALPNProtocols: ["h2"] });
    await assert.rejects(offer, { code: "ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL" });
    await deniedFor("OC6020: the client does not offer HTTP/1.1 (ALPN), which is the only protocol here", from);
  });

  it("are accepted from a client that offers HTTP/2 too, or no protocol", async () => {
    const both = await secure(site(), await tunnel(site(), "a.example.com:443"), "a.example.com", {
      ALPNProtocols: ["h2", "http/1.1"],
    });
    assert.equal(both.alpnProtocol, "http/1.1");
    assert.match(await say(both, get("a.example.com", "/", "Connection: close\r\n")), /^HTTP\/1\.1 200 /);
  });

  it("are denied for a tunnel inside a tunnel", async () => {
    for (const way of [
      "TLS, by the proxy",
      "TLS, without a proxy",
      "plain HTTP, in a tunnel",
      "plain HTTP, without a proxy",
    ] as const) {
      const inner = await ways[way](site(), "a.example.com");
      const response = await say(inner, "CONNECT b.example.com:443 HTTP/1.1\r\nHost: b.example.com:443\r\n\r\n");
      assert.match(response, /^HTTP\/1\.1 405 /, way);
    }
    assert.equal(site().upstream.connections, 0);
  });

  it("are denied for TLS inside plain HTTP, and plain HTTP inside TLS", async () => {
    const { socket } = await connectBy(site(), "a.example.com:443");
    assert.doesNotMatch(await say(socket, get("a.example.com", "/plain")), /HTTP\/1\.1 200 OK/);
    assert.equal(arrived("/plain"), false);
    const tls = secure(site(), await tunnel(site(), "a.example.com:80"), "a.example.com");
    await assert.rejects(tls);
    assert.equal(site().upstream.connections, 0);
  });
});
