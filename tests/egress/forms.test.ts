import assert from "node:assert/strict";
import { once } from "node:events";
import { useSite } from "../support/egress/site";
import { ask, askOn, dial, say, secure, tunnel, type Way, ways } from "../support/egress/speak";
import { agreement, frame, handshakeFields } from "../support/egress/websocket";

describe("HTTP through a gateway", () => {
  const site = useSite();
  const way: Way = "TLS, by the proxy";
  const open = (host = "a.example.com") => ways[way](site(), host);

  it("forwards chunked bodies both ways", async () => {
    site().upstream.handle = (request, response) => {
      request.on("data", (chunk) => response.write(chunk)).on("end", () => response.end());
    };
    const request = "POST / HTTP/1.1\r\nHost: a.example.com\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n";
    const response = await say(await open(), `${request}3;x=y\r\nabc\r\n4\r\ndefg\r\n0\r\nX-Trailer: dropped\r\n\r\n`);
    assert.match(response, /^HTTP\/1\.1 200 OK\r\n/);
    assert.match(response, /Transfer-Encoding: chunked/i);
    assert.match(response.replace(/\r\n[\da-f]+\r\n/g, ""), /abcdefg/);
    assert.doesNotMatch(site().upstream.received, /X-Trailer|x=y/);
  });

  it("forwards responses to HEAD, 204 and 304 without a body, and keeps the connection", async () => {
    site().upstream.handle = (request, response) => {
      if (request.url === "/204") response.writeHead(204).end();
      else if (request.url === "/304") response.writeHead(304, { ETag: '"x"', "Content-Length": 5 }).end();
      else response.writeHead(200, { "Content-Length": 5 }).end("hello");
    };
    const socket = await open();
    const kept = { Connection: "keep-alive" };
    const head = await askOn(socket, "a.example.com", "/", { method: "HEAD", headers: kept });
    assert.deepEqual([head.status, head.headers["content-length"], head.body], [200, "5", ""]);
    const none = await askOn(socket, "a.example.com", "/204", { headers: kept });
    assert.deepEqual(
      [none.status, none.headers["content-length"], none.headers["transfer-encoding"]],
      [204, undefined, undefined],
    );
    const same = await askOn(socket, "a.example.com", "/304", { headers: kept });
    assert.deepEqual([same.status, same.headers.etag, same.body], [304, '"x"', ""]);
    assert.equal((await askOn(socket, "a.example.com", "/", { headers: kept })).body, "hello");
    socket.destroy();
  });

  it("forwards a response without a length, which ends with its connection", async () => {
    site().upstream.handle = (_request, response) => {
      response.useChunkedEncodingByDefault = false;
      response.writeHead(200, { Connection: "close" });
      response.write("until ");
      response.end("the end");
    };
    assert.equal((await ask(site(), way, "a.example.com")).body, "until the end");
  });

  for (const headers of [{ "Content-Length": 100 }, { "Transfer-Encoding": "chunked" }]) {
    it(`does not complete a response that breaks off: ${Object.keys(headers)[0]}`, async () => {
      site().upstream.handle = (_request, response) => {
        response.writeHead(200, headers);
        response.write("half", () => response.destroy());
      };
      await assert.rejects(ask(site(), way, "a.example.com"), { code: "ECONNRESET" });
    });
  }

  it("forwards Expect: 100-continue, and the response to it", async () => {
    const socket = await open();
    socket.write("PUT / HTTP/1.1\r\nHost: a.example.com\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
    const [interim] = await once(socket, "data");
    assert.equal(String(interim), "HTTP/1.1 100 Continue\r\n\r\n");
    assert.match(site().upstream.received, /Expect: 100-continue/);
    socket.write("body");
    const [response] = await once(socket, "data");
    assert.match(String(response), /^HTTP\/1\.1 200 OK/);
    socket.destroy();
  });

  it("denies a request with Expect: 100-continue before its body", async () => {
    const head = "PUT / HTTP/1.1\r\nHost: b.example.com\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n";
    const response = await say(await open(), head);
    assert.match(response, /^HTTP\/1\.1 421 /);
    assert.equal(site().upstream.received, "");
  });

  it("serves pipelined requests in their order although the first takes longest", async () => {
    let running = 0;
    let most = 0;
    site().upstream.handle = (request, response) => {
      most = Math.max(most, ++running);
      setTimeout(
        () => {
          running--;
          response.end(`[${request.url}]`);
        },
        request.url === "/1" ? 100 : 0,
      );
    };
    const one = (path: string, more = "") => `GET ${path} HTTP/1.1\r\nHost: a.example.com\r\n${more}\r\n`;
    const response = await say(await open(), one("/1") + one("/2") + one("/3", "Connection: close\r\n"));
    assert.deepEqual(response.match(/\[\/\d\]/g), ["[/1]", "[/2]", "[/3]"]);
    assert.equal(most, 1); // they do not overtake each other on their way either
  });

  it("separates a body from the next request right behind it", async () => {
    const first = "POST /1 HTTP/1.1\r\nHost: a.example.com\r\nContent-Length: 3\r\n\r\nabc";
    const response = await say(
      await open(),
      `${first}GET /2 HTTP/1.1\r\nHost: a.example.com\r\nConnection: close\r\n\r\n`,
    );
    assert.deepEqual(response.match(/"url":"\/\d"|"body":"\w*"/g), [
      '"url":"/1"',
      '"body":"abc"',
      '"url":"/2"',
      '"body":""',
    ]);
  });

  it("forwards several headers of one name, in both directions", async () => {
    site().upstream.handle = (request, response) => {
      response
        .writeHead(200, ["Set-Cookie", "a=1", "Set-Cookie", "b=2", "X-Sent", String(request.headers["x-many"])])
        .end();
    };
    const { headers } = await ask(site(), way, "a.example.com", "/", { headers: { "X-Many": ["1", "2"] } });
    assert.deepEqual([headers["set-cookie"], headers["x-sent"]], [["a=1", "b=2"], "1, 2"]);
  });

  it("removes hop-by-hop headers", async () => {
    const headers = {
      "Keep-Alive": "5",
      TE: "trailers",
      "Proxy-Authorization": "Basic eA==",
      "X-Hop": "1",
      Connection: "close, X-Hop",
    };
    const { body } = await ask(site(), way, "a.example.com", "/", { headers });
    const arrived = Object.keys(JSON.parse(body).headers);
    assert.deepEqual(arrived.sort(), ["accept-encoding", "connection", "host"]);
  });

  it("serves HTTP/1.0, as old clients speak it to a proxy", async () => {
    const socket = await dial(site().gateway.ports.proxy);
    socket.write("CONNECT a.example.com:443 HTTP/1.0\r\n\r\n");
    const [response] = await once(socket, "data");
    assert.match(String(response), /^HTTP\/1\.1 200 /);
    const inner = await secure(site(), socket, "a.example.com");
    assert.match(await say(inner, "GET / HTTP/1.0\r\nHost: a.example.com\r\n\r\n"), /^HTTP\/1\.1 200 OK.*"url":"\/"/s);
  });

  it("accepts a TLS handshake in the same packet as CONNECT", async () => {
    const socket = await dial(site().gateway.ports.proxy);
    socket.write(
      "CONNECT a.example.com:80 HTTP/1.1\r\nHost: a.example.com:80\r\n\r\nGET /early HTTP/1.1\r\nHost: a.example.com\r\nConnection: close\r\n\r\n",
    );
    assert.match(await say(socket, ""), /200 Connection Established.*"url":"\/early"/s);
  });

  for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
    it(`accepts ${version}, without session resumption`, async () => {
      const only = { minVersion: version, maxVersion: version };
      let session: Buffer | undefined;
      for (const host of ["a.example.com", "a.example.com", "b.example.com"]) {
        const inner = await secure(site(), await tunnel(site(), `${host}:443`), host, {
          ...only,
          ...(session && { session }),
        });
        inner.on("session", (fresh) => {
          session = fresh;
        });
        assert.equal((await askOn(inner, host, "/")).status, 200);
        session ??= inner.getSession();
        assert.equal(inner.isSessionReused(), false);
        inner.destroy();
      }
    });
  }

  it("replaces an idle connection that the upstream has closed", async () => {
    const socket = await open();
    const kept = { headers: { Connection: "keep-alive" } };
    for (let round = 0; round < 3; round++) {
      assert.equal((await askOn(socket, "a.example.com", "/", kept)).status, 200);
      site().upstream.cut();
    }
    socket.destroy();
  });

  it("passes a redirect on to the client", async () => {
    site().upstream.handle = (_request, response) =>
      response.writeHead(302, { Location: "https://evil.example.com/" }).end();
    const { status, headers } = await ask(site(), way, "a.example.com");
    assert.deepEqual([status, headers.location], [302, "https://evil.example.com/"]);
    assert.match(String(await ask(site(), way, "evil.example.com").catch((error: Error) => error.message)), / 403 /);
    assert.equal(site().upstream.connections <= 1, true);
  });

  it("forwards a WebSocket", async () => {
    site().upstream.onUpgrade = (request, socket) => {
      socket.write(`${agreement(request)}${frame("first", false)}`, "latin1");
      socket.on("data", (chunk: Buffer) => socket.write(frame(chunk.toString("latin1").slice(6), false), "latin1"));
      socket.on("end", () => socket.end());
    };
    for (const each of [
      "TLS, by the proxy",
      "TLS, without a proxy",
      "plain HTTP, in a tunnel",
      "plain HTTP, without a proxy",
    ] as const) {
      const socket = await ways[each](site(), "a.example.com");
      const handshake = `GET /socket HTTP/1.1\r\nHost: a.example.com\r\nConnection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n${handshakeFields}\r\n\r\n`;
      socket.write(`${handshake}${frame("early", true)}`, "latin1");
      let heard = "";
      socket.on("data", (chunk) => {
        heard += chunk;
      });
      while (!heard.endsWith("early")) await once(socket, "data");
      assert.match(heard, /^HTTP\/1\.1 101 .*Sec-WebSocket-Accept: /s, each);
      socket.write(frame("frame", true), "latin1");
      while (!heard.endsWith("frame")) await once(socket, "data");
      socket.end();
      const line = await site().gateway.line(({ status }) => status === 101);
      assert.equal(line["domain"], "a.example.com");
    }
  });

  it("forwards the response of an upstream that declines a WebSocket", async () => {
    site().upstream.onUpgrade = (_request, socket) => {
      socket.end("HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno");
    };
    const handshake = "GET / HTTP/1.1\r\nHost: a.example.com\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n";
    assert.match(await say(await open(), `${handshake}${handshakeFields}\r\n\r\n`), /^HTTP\/1\.1 401 .*\r\n\r\nno$/s);
  });
});
