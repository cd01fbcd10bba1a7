import assert from "node:assert/strict";
import { useSite } from "../support/egress/site";
import { dial, say, ways } from "../support/egress/speak";

/** A request whose end others see elsewhere, or that asks for something else than it says. */
const smuggled = "GET /smuggled HTTP/1.1\r\nHost: b.example.com\r\n\r\n";
const post = (fields: string, body = "") => `POST / HTTP/1.1\r\nHost: a.example.com\r\n${fields}\r\n\r\n${body}`;
const get = (fields: string, path = "/") => `GET ${path} HTTP/1.1\r\nHost: a.example.com\r\n${fields}\r\n\r\n`;
const length = `Content-Length: ${smuggled.length}`;

const attempts: Record<string, string> = {
  "Content-Length and Transfer-Encoding": post(
    "Content-Length: 5\r\nTransfer-Encoding: chunked",
    `0\r\n\r\n${smuggled}`,
  ),
  "Transfer-Encoding and Content-Length": post(
    "Transfer-Encoding: chunked\r\nContent-Length: 5",
    `0\r\n\r\n${smuggled}`,
  ),
  "two different lengths": post(`Content-Length: 0\r\n${length}`, smuggled),
  "two equal lengths": post(`${length}\r\n${length}`, smuggled),
  "a list of lengths": post("Content-Length: 0, 0", smuggled),
  "a length with a sign": post("Content-Length: +0", smuggled),
  "a negative length": post("Content-Length: -1", smuggled),
  "a length in hexadecimal": post("Content-Length: 0x0", smuggled),
  "an empty length": post("Content-Length:", smuggled),
  "a length past all numbers": post("Content-Length: 18446744073709551616", smuggled),
  "Transfer-Encoding of another kind": post("Transfer-Encoding: identity", smuggled),
  "Transfer-Encoding in a list": post("Transfer-Encoding: gzip, chunked", `0\r\n\r\n${smuggled}`),
  "chunked twice": post("Transfer-Encoding: chunked, chunked", `0\r\n\r\n${smuggled}`),
  "Transfer-Encoding twice": post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", `0\r\n\r\n${smuggled}`),
  "Transfer-Encoding that only looks like chunked": post("Transfer-Encoding: xchunked", `0\r\n\r\n${smuggled}`),
  "Transfer-Encoding behind a tab": post("Transfer-Encoding:\x0bchunked", `0\r\n\r\n${smuggled}`),
  "Transfer-Encoding in HTTP/1.0": post("Transfer-Encoding: chunked", `0\r\n\r\n${smuggled}`).replace("1.1", "1.0"),
  "a space before the colon": post("Transfer-Encoding : chunked", `0\r\n\r\n${smuggled}`),
  "a folded header": get("X-One: 1\r\n Transfer-Encoding: chunked"),
  "a folded Host": "GET / HTTP/1.1\r\nHost:\r\n a.example.com\r\n\r\n",
  "a header without a name": get(": x"),
  "a header without a colon": get("X-One"),
  "a line feed alone": "GET / HTTP/1.1\nHost: a.example.com\n\n",
  "a line feed alone behind a header": get("X-One: 1\nX-Two: 2"),
  "a carriage return in a value": get("X-One: 1\rHost: b.example.com"),
  "a NUL in a value": get("X-One: 1\x002"),
  "a NUL in a name": get("X-\x00One: 1"),
  "two Hosts": get("Host: b.example.com"),
  "two equal Hosts": get("Host: a.example.com"),
  "no Host": "GET / HTTP/1.1\r\n\r\n",
  "an address in place of a path": get("", "http://b.example.com/"),
  "the same address in place of a path": get("", "http://a.example.com/"),
  "an address with https in place of a path": get("", "https://a.example.com/"),
  "a user in place of a path": get("", "@b.example.com/"),
  "an authority in place of a path": get("", "b.example.com:443"),
  "an asterisk in place of a path": "OPTIONS * HTTP/1.1\r\nHost: a.example.com\r\n\r\n",
  "a fragment": get("", "/path#fragment"),
  "a character beyond ASCII in the path": get("", "/\xff"),
  TRACE: "TRACE / HTTP/1.1\r\nHost: a.example.com\r\n\r\n",
  TRACK: "TRACK / HTTP/1.1\r\nHost: a.example.com\r\n\r\n",
  "a method in lower case": "get / HTTP/1.1\r\nHost: a.example.com\r\n\r\n",
  "HTTP/0.9": "GET /\r\n\r\n",
  "HTTP/0.9 spelled out": "GET / HTTP/0.9\r\nHost: a.example.com\r\n\r\n",
  "HTTP/2 from the start": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  "HTTP/1.2": "GET / HTTP/1.2\r\nHost: a.example.com\r\n\r\n",
  "an upgrade to h2c": get("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__"),
  "an upgrade to h2c or websocket": get("Connection: Upgrade\r\nUpgrade: h2c, websocket"),
  "an upgrade to TLS": get("Connection: Upgrade\r\nUpgrade: TLS/1.0"),
  "a WebSocket by POST": post("Connection: Upgrade\r\nUpgrade: websocket"),
  "a WebSocket with a body": get(`Connection: Upgrade\r\nUpgrade: websocket\r\n${length}`),
  "a WebSocket for another name": get("Connection: Upgrade\r\nUpgrade: websocket").replace(
    "a.example.com",
    "b.example.com",
  ),
  "Connection: authorization": get("Authorization: Bearer x\r\nConnection: Authorization"),
  "Connection: close, host": get("Connection: close, Host"),
  "Connection: content-length": post(`${length}\r\nConnection: content-length`, smuggled),
  "Connection: cookie, in disguise": get("Cookie: a=b\r\nConnection: x,COOKIE ,y"),
  "Connection: x_forwarded_for": get("Connection: x_forwarded_for"),
  transfer_encoding: post("transfer_encoding: chunked\r\nContent-Length: 0"),
  content_length: post("Content_Length: 5\r\nContent-Length: 0"),
  proxy_authorization: get("Proxy_Authorization: x"),
  x_forwarded_host: get("X_Forwarded-Host: b.example.com"),
  "an unknown expectation": get("Expect: 200-ok"),
  "an expectation in HTTP/1.0": get("Expect: 100-continue").replace("1.1", "1.0"),
  "too many headers": get(Array.from({ length: 140 }, (_, index) => `X-${index}: y`).join("\r\n")),
  "a head without end": get(`X-Long: ${"x".repeat(40_000)}`),
  "a long path": get("", `/${"x".repeat(40_000)}`),
};

describe("request smuggling", () => {
  const site = useSite();

  for (const [what, bytes] of Object.entries(attempts)) {
    it(`is rejected: ${what}`, async () => {
      for (const way of ["TLS, by the proxy", "plain HTTP, without a proxy"] as const) {
        const from = site().gateway.lines.length;
        const isOtherName = way === "plain HTTP, without a proxy" && what === "a WebSocket for another name";
        if (isOtherName) continue; // nothing is pinned there: each request may be for any allowed name
        const response = await say(await ways[way](site(), "a.example.com"), bytes);
        assert.match(response, /^HTTP\/1\.1 (400|403|405|417|421|431|505) |^$/, way);
        assert.doesNotMatch(response, /HTTP\/1\.1 2/);
        if (response !== "") await site().gateway.line(({ decision }) => decision === "denied", from);
      }
      assert.deepEqual([site().upstream.connections, site().upstream.received], [0, ""]);
    });
  }

  it("is not possible behind a broken chunked body", async () => {
    for (const chunk of [
      "3\nabc\r\n0\r\n\r\n",
      "zz\r\n",
      "-1\r\n",
      "3 \r\nabc\r\n0\r\n\r\n",
      "3\r\nabcd\r\n0\r\n\r\n",
      "fffffffffffffffff\r\n",
    ]) {
      const bytes = post("Transfer-Encoding: chunked", `${chunk}${smuggled}`);
      const response = await say(await ways["TLS, by the proxy"](site(), "a.example.com"), bytes);
      assert.doesNotMatch(response, /HTTP\/1\.1 200/, JSON.stringify(chunk));
    }
    assert.doesNotMatch(site().upstream.received, /smuggled/);
  });

  it("is not possible by a request inside a body", async () => {
    const response = await say(
      await ways["TLS, by the proxy"](site(), "a.example.com"),
      post(`${length}\r\nConnection: close`, smuggled),
    );
    assert.match(response, /^HTTP\/1\.1 200 /);
    assert.equal(response.match(/HTTP\/1\.1/g)?.length, 2); // the response's own, and the one in the echoed body
    assert.match(
      site().upstream.received,
      new RegExp(`Content-Length: ${smuggled.length}\r\n.*\r\n\r\nGET /smuggled`, "s"),
    );
  });

  it("is rejected on the proxy's port: a path, https and another scheme", async () => {
    for (const target of [
      "/",
      "https://a.example.com/",
      "ftp://a.example.com/",
      "//a.example.com/",
      "http:/a.example.com/",
      "http:a.example.com",
      "http://",
      "*",
    ]) {
      const bytes = `GET ${target} HTTP/1.1\r\nHost: a.example.com\r\n\r\n`;
      assert.match(await say(await dial(site().gateway.ports.proxy), bytes), /^HTTP\/1\.1 40[03] /, target);
    }
    assert.equal(site().upstream.connections, 0);
  });

  it("is rejected in CONNECT: a body, and a request under way before it", async () => {
    const withBody = "CONNECT a.example.com:80 HTTP/1.1\r\nHost: a.example.com\r\nContent-Length: 5\r\n\r\n";
    assert.match(await say(await dial(site().gateway.ports.proxy), withBody), /^HTTP\/1\.1 400 /);
    site().upstream.handle = () => undefined; // no response
    const busy = "GET http://a.example.com/slow HTTP/1.1\r\nHost: a.example.com\r\n\r\n";
    const connect = "CONNECT b.example.com:443 HTTP/1.1\r\nHost: b.example.com:443\r\n\r\n";
    assert.equal(await say(await dial(site().gateway.ports.proxy), busy + connect), "");
  });

  it("is prevented by writing each forwarded request anew", async () => {
    const bytes = "GET  /x HTTP/1.1\r\nhOsT:a.example.com   \r\nX-Odd:\t 1 \t\r\nconnection:CLOSE\r\n\r\n";
    assert.match(await say(await ways["TLS, by the proxy"](site(), "a.example.com"), bytes), /^HTTP\/1\.1 200 /);
    // The site has a secret, so that uncompressed responses are requested.
    const head =
      "GET /x HTTP/1.1\r\nHost: a.example.com\r\nAccept-Encoding: identity\r\nX-Odd: 1\r\nConnection: keep-alive\r\n\r\n";
    assert.equal(site().upstream.received, head);
  });
});
