import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { useSite } from "../support/egress/site";
import { ask, askOn, say, ways } from "../support/egress/speak";

const way = "TLS, by the proxy";
const kept = { headers: { Connection: "keep-alive" } };

for (const [secrets, changes] of [
  ["with secrets", {}],
  ["without secrets", { secrets: [] }],
] as const) {
  describe(`a large body, ${secrets}`, () => {
    const site = useSite({}, changes);

    for (const framing of ["with a length", "in chunks", "until the end"]) {
      it(`arrives byte for byte at the client, ${framing}`, async () => {
        const body = randomBytes(4 * 2 ** 20);
        site().upstream.handle = (_request, response) => {
          if (framing === "until the end") response.useChunkedEncodingByDefault = false;
          response.writeHead(200, framing === "with a length" ? { "Content-Length": body.length } : {});
          for (let at = 0; at < body.length; at += 50_000) response.write(body.subarray(at, at + 50_000));
          response.end();
        };
        for (const each of [way, "plain HTTP, in a tunnel"] as const) {
          const reply = await ask(site(), each, "a.example.com");
          assert.ok(Buffer.from(reply.body, "latin1").equals(body));
        }
      });
    }

    it("arrives byte for byte at the upstream", async () => {
      const chunks: Buffer[] = [];
      site().upstream.handle = (request, response) => {
        request.on("data", (chunk: Buffer) => chunks.push(chunk)).on("end", () => response.end());
      };
      for (const headers of [{}, { "Transfer-Encoding": "chunked" }]) {
        const body = randomBytes(4 * 2 ** 20);
        assert.equal((await ask(site(), way, "a.example.com", "/", { method: "POST", body, headers })).status, 200);
        assert.ok(Buffer.concat(chunks.splice(0)).equals(body));
      }
    });
  });
}

describe("a stream through a gateway", () => {
  const site = useSite();
  beforeEach(() => site().upstream.cut());

  /** What an upstream's connections bring, and when they close, in place of HTTP. */
  const listening = (onData: (socket: Socket, chunk: Buffer) => void = () => undefined) => {
    const sockets: Socket[] = [];
    let heard = "";
    site().upstream.serve = (socket) => {
      sockets.push(socket);
      socket.on("data", (chunk: Buffer) => {
        heard += chunk.toString("latin1");
        onData(socket, chunk);
      });
    };
    const until = async (isSo: () => boolean, what: string) => {
      for (const end = Date.now() + 5000; !isSo(); await sleep(10)) assert.ok(Date.now() < end, what);
    };
    return {
      sockets,
      heard: () => heard,
      hears: (text: string) => until(() => heard.includes(text), `${text} does not come`),
      closed: () => until(() => sockets.length > 0 && sockets.every(({ closed }) => closed), "it stays open"),
    };
  };

  for (const framing of ["Content-Length: 100000\r\n", "Transfer-Encoding: chunked\r\n"]) {
    const name = framing.split(":")[0];

    it(`an early response reaches the client, and neither connection is reused: ${name}`, async () => {
      const upstream = listening((socket, chunk) => {
        if (String(chunk).includes("\r\n\r\n")) socket.write("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
      });
      const head = `POST / HTTP/1.1\r\nHost: a.example.com\r\n${framing}\r\n`;
      const response = await say(await ways[way](site(), "a.example.com"), `${head}5\r\nhello\r\n`);
      assert.match(response, /^HTTP\/1\.1 413 .*Connection: close\r\n\r\nno$/s);
      await upstream.closed();
    });

    it(`a client that leaves in the middle of its body takes the upstream's connection with it: ${name}`, async () => {
      const upstream = listening();
      const socket = await ways[way](site(), "a.example.com");
      socket.write(`POST / HTTP/1.1\r\nHost: a.example.com\r\n${framing}\r\n5\r\nhello\r\n`);
      await upstream.hears("hello");
      socket.destroy();
      await upstream.closed();
      assert.doesNotMatch(upstream.heard(), /\r\n0\r\n\r\n/); // so that half a body is not taken for a whole one
    });

    it(`an upstream that closes in the middle of a body gives 502: ${name}`, async () => {
      listening((socket, chunk) => {
        if (String(chunk).includes("hello")) socket.destroy();
      });
      const head = `POST / HTTP/1.1\r\nHost: a.example.com\r\n${framing}\r\n`;
      const response = await say(await ways[way](site(), "a.example.com"), `${head}5\r\nhello\r\n`);
      assert.match(response, /^HTTP\/1\.1 502 .*the connection to a\.example\.com failed \(ECONNRESET\)/s);
    });
  }

  it("a client that leaves before its response closes the upstream's connection", async () => {
    const upstream = listening();
    const socket = await ways[way](site(), "a.example.com");
    socket.write("GET / HTTP/1.1\r\nHost: a.example.com\r\n\r\n");
    await upstream.hears("\r\n\r\n");
    socket.destroy();
    await upstream.closed();
    await site().gateway.line(({ reason }) => String(reason).startsWith("OC6045: "));
  });

  it("a client that leaves in the middle of a response closes the upstream's connection", async () => {
    const upstream = listening((socket) => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"));
    const socket = await ways[way](site(), "a.example.com");
    socket.write("GET / HTTP/1.1\r\nHost: a.example.com\r\n\r\n");
    await once(socket, "data");
    socket.destroy();
    await upstream.closed();
  });

  it("a chunked response that breaks off is not completed", async () => {
    listening((socket) => {
      socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n");
      setTimeout(() => socket.write("zz\r\n"), 50);
    });
    await assert.rejects(ask(site(), way, "a.example.com"), { code: "ECONNRESET" });
  });

  it("trailers are dropped in both directions", async () => {
    const upstream = listening((socket, chunk) => {
      if (!String(chunk).includes("0\r\n")) return;
      socket.write(
        "HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 1\r\n\r\n",
      );
    });
    const head =
      "POST / HTTP/1.1\r\nHost: a.example.com\r\nConnection: close\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n";
    const response = await say(await ways[way](site(), "a.example.com"), `${head}2\r\nhi\r\n0\r\nX-Sum: 1\r\n\r\n`);
    assert.match(response, /^HTTP\/1\.1 200 .*\r\n2\r\nok\r\n0\r\n\r\n$/s);
    assert.match(upstream.heard(), /\r\n2\r\nhi\r\n0\r\n\r\n$/);
    assert.doesNotMatch(response + upstream.heard(), /X-Sum/);
  });

  it("a body streams no faster than an upstream reads it", async () => {
    site().upstream.serve = (socket) => socket.pause();
    const socket = await ways[way](site(), "a.example.com");
    socket.write("POST / HTTP/1.1\r\nHost: a.example.com\r\nContent-Length: 268435456\r\n\r\n");
    const piece = Buffer.alloc(65_536);
    let sent = 0;
    const more = () => {
      for (let takesMore = true; takesMore && sent < 268_435_456; sent += piece.length) takesMore = socket.write(piece);
    };
    socket.on("drain", more);
    more();
    for (let before = -1; before !== sent; ) {
      before = sent;
      await sleep(500);
    }
    assert.ok(sent < 64 * 2 ** 20, `${sent} bytes`);
    assert.ok(site().gateway.peakMegabytes < 100, `${site().gateway.peakMegabytes} MB`);
    socket.destroy();
  });

  it("a connection is usable after a response whose end its client read slowly", async () => {
    const sizes = Array.from({ length: 40 }, (_none, index) => 50_000 + index * 9000);
    site().upstream.handle = (request, response) => response.end(Buffer.alloc(Number(request.url?.slice(1)), "x"));
    const socket = await ways[way](site(), "a.example.com");
    for (const size of sizes) {
      const received = askOn(socket, "a.example.com", `/${size}`, kept);
      socket.pause();
      await sleep(10);
      socket.resume();
      assert.equal((await received).body.length, size);
    }
    assert.equal(site().upstream.connections, 1);
    socket.destroy();
  });

  it("another policy closes requests under way", async () => {
    const upstream = listening((socket) => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"));
    const socket = await ways[way](site(), "a.example.com");
    socket.write("GET / HTTP/1.1\r\nHost: a.example.com\r\n\r\n");
    await once(socket, "data");
    assert.equal(await site().gateway.put(site().policy()), undefined);
    await upstream.closed();
    socket.destroy();
  });
});
