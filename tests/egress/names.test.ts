import assert from "node:assert/strict";
import { denied, useSite } from "../support/egress/site";
import { ask, connectBy, dial, say, secure, tunnel, ways } from "../support/egress/speak";

const get = (host: string, path = "/") => `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`;

describe("a domain that is not on the allow list", () => {
  const site = useSite();
  const nothingArrived = () => assert.deepEqual([site().upstream.connections, site().upstream.received], [0, ""]);

  it("is denied in CONNECT, with the reason in the status line and the body", async () => {
    const { response } = await connectBy(site(), `${denied}:443`);
    const reason = '"evil.example.com" is not on the allow list (allowed: a.example.com, b.example.com)';
    assert.ok(response.startsWith(`HTTP/1.1 403 Forbidden: OC6001: ${reason}\r\n`), response);
    assert.match(response, /\r\nX-OpenAI-Containers-Policy: denied\r\n/);
    assert.ok(response.endsWith(`\r\n\r\nOC6001: blocked by the network policy of cntr_test: ${reason}\n`), response);
    nothingArrived();
  });

  it("is denied in a plain request to the proxy", async () => {
    const { status, body, headers } = await ask(site(), "plain HTTP, by the proxy", denied);
    assert.deepEqual([status, headers["x-openai-containers-policy"]], [403, "denied"]);
    assert.match(
      body,
      /^OC6001: blocked by the network policy of cntr_test: "evil\.example\.com" is not on the allow list/,
    );
    nothingArrived();
  });

  it("is denied as the Host of a request on port 80", async () => {
    assert.equal((await ask(site(), "plain HTTP, without a proxy", denied)).status, 403);
    nothingArrived();
  });

  it("is denied as the SNI of a handshake on port 443", async () => {
    const socket = await secure(site(), await dial(site().gateway.ports.https), denied, { rejectUnauthorized: false });
    assert.equal(await say(socket, get(denied)), "");
    nothingArrived();
  });

  // Each of these has fooled a proxy once.
  const spellings = [
    "a.example.com.evil.example.com",
    "evil.example.com.a.example.com",
    "xa.example.com",
    "a.example.com.",
    "a.example.com..",
    ".a.example.com",
    "a..example.com",
    "example",
    "a%2eexample",
    "a.example.com%00.evil.example.com",
    "a.example.com%00",
    "a.exampl\u00e9",
    "\u00e0.example.com",
    "a_example",
    "a.example_",
    "user@a.example.com",
    "a.example.com@evil.example.com",
    "a.example.com:80@evil.example.com",
    "a.example.com#.evil.example.com",
    "a.example.com,evil.example.com",
    "a.example.com;evil.example.com",
    "*",
    "*.example.com",
    "localhost",
    "127.0.0.1",
    "0177.0.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "127.1",
    "0",
    "169.254.169.254",
    "10.0.0.1",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:169.254.169.254]",
    "[fe80::1]",
    "[64:ff9b::7f00:1]",
    "[a.example.com]",
    "host.docker.internal",
  ];
  for (const spelling of spellings) {
    it(`is denied in each spelling that resembles an allowed one: ${JSON.stringify(spelling)}`, async () => {
      const closed = await connectBy(site(), `${spelling}:443`);
      assert.match(closed.response, /^HTTP\/1\.1 40[03] /);
      closed.socket.destroy();
      const absolute = `GET http://${spelling}/ HTTP/1.1\r\nHost: ${spelling}\r\n\r\n`;
      assert.match(await say(await dial(site().gateway.ports.proxy), absolute), /^HTTP\/1\.1 40[03] /);
      assert.match(await say(await dial(site().gateway.ports.http), get(spelling)), /^HTTP\/1\.1 40[03] /);
      const inner = await ways["TLS, by the proxy"](site(), "a.example.com");
      assert.match(await say(inner, get(spelling)), /^HTTP\/1\.1 4(00|21) /);
      nothingArrived();
    });
  }

  it("is denied with a NUL, CR or LF in the name", async () => {
    for (const bad of [
      "a.example.com\0",
      "a.example.com\0.evil.example.com",
      "evil.example.com\0a.example.com",
      "a.example.com\r",
      "a.example.com\n",
    ]) {
      const response = (await connectBy(site(), `${bad}:443`)).response;
      assert.match(response, /^HTTP\/1\.1 40[03] /, JSON.stringify(bad));
      assert.match(await say(await dial(site().gateway.ports.http), get(bad)), /^HTTP\/1\.1 40[03] /);
    }
    nothingArrived();
  });

  it("accepts an allowed domain in upper case", async () => {
    assert.equal((await ask(site(), "TLS, by the proxy", "A.Example.com")).status, 200);
    assert.equal((await ask(site(), "plain HTTP, by the proxy", "A.EXAMPLE.com")).status, 200);
    assert.match(site().upstream.received, /Host: a\.example\.com\r\n.*Host: a\.example\.com\r\n/s);
  });

  for (const port of [
    "22",
    "25",
    "53",
    "853",
    "444",
    "8443",
    "0",
    "65536",
    "99999",
    "-443",
    "+443",
    "0443",
    "4e2",
    "443x",
    "",
  ]) {
    it(`denies an allowed domain on another port: ${JSON.stringify(port)}`, async () => {
      const { response, socket } = await connectBy(site(), `a.example.com:${port}`);
      assert.match(response, /^HTTP\/1\.1 40[03] /);
      socket.destroy();
      const absolute = `GET http://a.example.com:${port}/ HTTP/1.1\r\nHost: a.example.com:${port}\r\n\r\n`;
      assert.match(await say(await dial(site().gateway.ports.proxy), absolute), /^HTTP\/1\.1 40[03] /);
      nothingArrived();
    });
  }

  it("denies an allowed domain on port 443 without TLS, and on port 80 with it", async () => {
    const plain = (host: string, target: string) => `GET ${target} HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
    const proxy = await dial(site().gateway.ports.proxy);
    assert.match(await say(proxy, plain("a.example.com:443", "http://a.example.com:443/")), /^HTTP\/1\.1 403 /);
    const port80 = await dial(site().gateway.ports.http);
    assert.match(await say(port80, plain("a.example.com:443", "/")), /^HTTP\/1\.1 403 /);
    const inner = await ways["TLS, by the proxy"](site(), "a.example.com");
    assert.match(await say(inner, plain("a.example.com:80", "/")), /^HTTP\/1\.1 421 /);
    nothingArrived();
  });

  it("denies CONNECT without a port", async () => {
    assert.match((await connectBy(site(), "a.example.com")).response, /^HTTP\/1\.1 40[03] /);
    nothingArrived();
  });

  it("denies SSH in a tunnel, as it is not TLS", async () => {
    const from = site().gateway.lines.length;
    assert.doesNotMatch(await say(await tunnel(site(), "a.example.com:443"), "SSH-2.0-OpenSSH_9.2\r\n"), /SSH/);
    await site().gateway.line(({ reason }) => /^OC6019: the TLS handshake failed/.test(String(reason)), from);
    assert.match(await say(await tunnel(site(), "a.example.com:80"), "SSH-2.0-OpenSSH_9.2\r\n"), /^HTTP\/1\.1 400 /);
    nothingArrived();
  });
});

describe("an empty allow list", () => {
  const site = useSite({}, { allowedDomains: [], secrets: [] });

  it("denies every domain", async () => {
    const { response } = await connectBy(site(), "a.example.com:443");
    assert.match(
      response,
      /^HTTP\/1\.1 403 Forbidden: OC6001: "a\.example\.com" is not on the allow list \(allowed: nothing\)\r\n/,
    );
    assert.equal((await ask(site(), "plain HTTP, by the proxy", "a.example.com")).status, 403);
    assert.equal((await ask(site(), "plain HTTP, without a proxy", "a.example.com")).status, 403);
    const socket = await secure(site(), await dial(site().gateway.ports.https), "a.example.com");
    assert.equal(await say(socket, get("a.example.com")), "");
    assert.equal(site().upstream.connections, 0);
  });
});
