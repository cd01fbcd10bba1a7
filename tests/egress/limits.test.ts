import assert from "node:assert/strict";
import { once } from "node:events";
import { request as open } from "node:http";
import type { Duplex } from "node:stream";
import { placeholder, useSite } from "../support/egress/site";
import { ask, connectBy, dial, say, tunnel, ways } from "../support/egress/speak";

const closes = async (socket: Duplex, within: number) => {
  const started = Date.now();
  if (!socket.closed) await new Promise<void>((resolve) => socket.once("close", resolve));
  assert.ok(Date.now() - started < within, `${Date.now() - started} ms`);
};

describe("a slow client", () => {
  const site = useSite({ headMs: 400, idleMs: 1500 });

  /** A byte now and then, so that the connection is never idle. */
  const trickle = (socket: NodeJS.WritableStream) => {
    const timer = setInterval(() => socket.write("x"), 50);
    socket.once("close", () => clearInterval(timer));
  };

  for (const way of ["plain HTTP, by the proxy", "plain HTTP, in a tunnel", "TLS, by the proxy"] as const) {
    it(`is disconnected during its request head: ${way}`, async () => {
      const from = site().gateway.lines.length;
      const socket = await ways[way](site(), "a.example.com");
      socket.write("GET / HTTP/1.1\r\nX-Slow: ");
      trickle(socket);
      await closes(socket, 3000);
      await site().gateway.line(({ reason }) => reason === "OC6018: the request head did not arrive in time", from);
      assert.equal(site().upstream.connections, 0);
    });

    it(`is disconnected during its second request head: ${way}`, async () => {
      const socket = await ways[way](site(), "a.example.com");
      const target = way === "plain HTTP, by the proxy" ? "http://a.example.com/" : "/";
      socket.write(`GET ${target} HTTP/1.1\r\nHost: a.example.com\r\n\r\n`);
      await once(socket, "data");
      socket.write("GET / HTTP/1.1\r\nX-Slow: ");
      trickle(socket);
      await closes(socket, 3000);
    });
  }

  it("is disconnected when it sends nothing", async () => {
    await Promise.all([
      dial(site().gateway.ports.proxy).then((socket) => closes(socket.resume(), 3000)),
      dial(site().gateway.ports.http).then((socket) => closes(socket.resume(), 3000)),
      dial(site().gateway.ports.https).then((socket) => closes(socket.resume(), 3000)),
      dial(site().gateway.ports.dns).then((socket) => closes(socket.resume(), 3000)),
      tunnel(site(), "a.example.com:443").then((socket) => closes(socket.resume(), 3000)),
      tunnel(site(), "a.example.com:80").then((socket) => closes(socket.resume(), 3000)),
    ]);
  });

  it("is disconnected during a TLS handshake", async () => {
    const socket = await dial(site().gateway.ports.https);
    socket.write(Buffer.from([22, 3, 1, 2, 0, 1]));
    trickle(socket);
    await closes(socket.resume(), 3000);
  });

  it("is disconnected when its body stops, and so is an upstream that sends no more", async () => {
    const socket = await ways["TLS, by the proxy"](site(), "a.example.com");
    socket.write("POST / HTTP/1.1\r\nHost: a.example.com\r\nContent-Length: 10\r\n\r\nhalf");
    await closes(socket.resume(), 9000);
    site().upstream.handle = () => undefined;
    const { status, body } = await ask(site(), "TLS, by the proxy", "a.example.com");
    assert.equal(status, 504);
    assert.match(body, /^OC6035: .*a\.example\.com timed out/);
  });

  it("stays connected while its upstream takes longer than the limit for a head", async () => {
    site().upstream.handle = (_request, response) => {
      setTimeout(() => response.end("late"), 900);
    };
    assert.equal((await ask(site(), "TLS, by the proxy", "a.example.com")).body, "late");
  });
});

describe("a greedy client", () => {
  const site = useSite({ connections: 8, tunnels: 4 });

  /** Once the gateway has noticed that connections were closed. */
  const passesAgain = async () => {
    while ((await ask(site(), "TLS, by the proxy", "a.example.com").catch(() => undefined))?.status !== 200);
  };

  it("gets new connections beyond the limit only when it closes others", async () => {
    const { proxy, http } = site().gateway.ports;
    const held = await Promise.all([http, ...Array.from({ length: 8 }, () => proxy)].map(dial));
    await Promise.race(held.map((socket) => closes(socket.resume(), 2000)));
    await site().gateway.line(({ reason }) => String(reason).startsWith("OC6032: more than "));
    assert.equal(held.filter(({ closed }) => closed).length, 1);
    for (const socket of held) socket.destroy();
    await passesAgain();
  });

  it("gets no tunnel beyond the limit", async () => {
    const held = await Promise.all(Array.from({ length: 4 }, () => tunnel(site(), "a.example.com:443")));
    const { response, socket } = await connectBy(site(), "a.example.com:443");
    assert.match(response, /^HTTP\/1\.1 503 Service Unavailable: OC6031: more than \d+ tunnels are open\r\n/);
    for (const each of [...held, socket]) each.destroy();
    await passesAgain();
  });

  it("is disconnected when it pipelines without end", async () => {
    site().upstream.handle = () => undefined;
    const request = "GET / HTTP/1.1\r\nHost: a.example.com\r\n\r\n";
    assert.equal(await say(await ways["plain HTTP, without a proxy"](site()), request.repeat(200)), "");
  });
});

describe("a large body", () => {
  const site = useSite();
  const size = 256 * 1024 * 1024;
  const piece = Buffer.alloc(65_536, "x");

  for (const headers of [{}, { "X-Token": placeholder }]) {
    const what = "X-Token" in headers ? ", searched for a secret" : "";

    it(`streams down in constant memory${what}`, async function () {
      this.timeout(60_000);
      site().upstream.handle = (_request, response) => {
        response.setHeader("Content-Length", size);
        let sent = 0;
        const more = () => {
          while (sent < size) {
            sent += piece.length;
            if (!response.write(piece)) return void response.once("drain", more);
          }
          response.end();
        };
        more();
      };
      const socket = await ways["TLS, by the proxy"](site(), "a.example.com");
      const request = open({ createConnection: () => socket, headers: { Host: "a.example.com", ...headers } }).end();
      const [response] = await once(request, "response");
      let received = 0;
      for await (const chunk of response) received += chunk.length;
      assert.equal(received, size);
      socket.destroy();
    });
  }

  it("streams up in constant memory", async function () {
    this.timeout(60_000);
    let received = 0;
    site().upstream.handle = (request, response) => {
      request.on("data", (chunk) => {
        received += chunk.length;
      });
      request.on("end", () => response.end(String(received)));
    };
    const socket = await ways["TLS, by the proxy"](site(), "a.example.com");
    const request = open({
      createConnection: () => socket,
      method: "POST",
      headers: { Host: "a.example.com", "Content-Length": size },
    });
    for (let sent = 0; sent < size; sent += piece.length) {
      if (!request.write(piece)) await once(request, "drain");
    }
    request.end();
    const [response] = await once(request, "response");
    assert.equal(String((await response.toArray()).join("")), String(size));
    const line = await site().gateway.line(({ method, decision }) => method === "POST" && decision !== undefined);
    assert.equal(line["bytesUp"], size);
    socket.destroy();
  });

  it("streams no faster than a client reads it", async () => {
    let sent = 0;
    site().upstream.handle = (_request, response) => {
      response.setHeader("Content-Length", size);
      const more = () => {
        sent += piece.length;
        if (sent < size && !response.destroyed) response.write(piece, () => more());
      };
      more();
    };
    const socket = await ways["TLS, by the proxy"](site(), "a.example.com");
    socket.write("GET / HTTP/1.1\r\nHost: a.example.com\r\n\r\n");
    socket.pause();
    // Until nothing moves: the upstream's writes wait for the gateway, and that for the client.
    for (let before = -1; before !== sent; ) {
      before = sent;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    assert.ok(sent < 64 * 1024 * 1024, `${sent} bytes`);
    socket.destroy();
  });

  it("took less than 100 MB of memory in all tests of this group", () => {
    assert.ok(site().gateway.peakMegabytes < 100, `${site().gateway.peakMegabytes} MB`);
  });
});

describe("a client that exhausts all limits of a gateway at once", () => {
  const value = "s".repeat(42); // with which `secrets` below is as long as a head may become
  const site = useSite({}, { secrets: [{ domain: "a.example.com", name: "TOKEN", placeholder, value }] });
  const padded = (head: string, unit: string) => head + unit.repeat(Math.floor((31_000 - head.length) / unit.length));
  const get = "GET / HTTP/1.1\r\nHost: a.example.com\r\n";
  const heads: Record<string, string> = {
    "long fields": `${padded(`${get}X: `, "x")}\r\n\r\n`,
    "short fields": `${padded(get, "a:b\r\n")}\r\n`,
    "as many fields as it may have": `${get}${`X-Many: ${"x".repeat(220)}\r\n`.repeat(127)}\r\n`,
    "no fields": `${get}\r\n`,
    secrets: `${`${get}X: ${"$TOKEN ".repeat(3000)}`}\r\n\r\n`,
  };
  const floods = [
    ...Object.keys(heads).map((kind) => ["plain HTTP, without a proxy", kind] as const),
    ["TLS, without a proxy", "secrets"] as const,
  ];

  for (const [way, kind] of floods) {
    it(`does not end it: 250 connections of pipelined heads behind missing responses, ${kind}, ${way}`, async () => {
      let held = 0;
      site().upstream.handle = () => void held++;
      const sockets = await Promise.all(Array.from({ length: 250 }, () => ways[way](site(), "a.example.com")));
      const from = site().gateway.lines.length;
      const piece = Buffer.from((heads[kind] ?? "").repeat(31));
      for (const socket of sockets) {
        socket.on("error", () => undefined);
        for (let round = 0; round < 2; round++) socket.write(piece);
      }
      await new Promise((resolve) => setTimeout(resolve, 3000));
      assert.ok(site().gateway.isRunning, "it ended");
      for (const socket of sockets) socket.destroy();
      // Each request that arrived at the upstream has its line.
      const begun = site()
        .gateway.lines.slice(from)
        .filter(({ event, decision }) => event === "begin" || decision === "denied");
      assert.ok(begun.length >= held, `${begun.length} lines of ${held} requests`);
      site().upstream.handle = (_request, response) => response.end();
      const passes = async () =>
        (await ask(site(), "TLS, by the proxy", "b.example.com").catch(() => undefined))?.status;
      while (site().gateway.isRunning && (await passes()) !== 200);
      assert.ok(site().gateway.isRunning, "it ended");
      assert.ok(site().gateway.peakMegabytes < 240, `${site().gateway.peakMegabytes} MB`);
    });
  }
});
