import assert from "node:assert/strict";
import { once } from "node:events";
import type { Socket } from "node:net";
import { useSite } from "../support/egress/site";
import { ask, askOn, say, ways } from "../support/egress/speak";

const way = "TLS, by the proxy";
const interim = "HTTP/1.1 100 Continue\r\n\r\n";
const whole = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/** Sends raw bytes for each request head, the nth of a connection. */
const onEachHead = (response: (socket: Socket, nth: number) => void) => (socket: Socket) => {
  let count = 0;
  socket.on("data", (chunk: Buffer) => {
    for (const _ of String(chunk).matchAll(/\r\n\r\n/g)) response(socket, ++count);
  });
};

describe("interim responses of an upstream", () => {
  const site = useSite();
  const get = "GET / HTTP/1.1\r\nHost: a.example.com\r\nConnection: close\r\n\r\n";
  const put =
    "PUT / HTTP/1.1\r\nHost: a.example.com\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\n";
  beforeEach(() => site().upstream.cut());

  it("100 Continue is not passed on to a client that did not send Expect", async () => {
    site().upstream.serve = onEachHead((socket) => socket.write(interim + whole));
    const response = await say(await ways[way](site(), "a.example.com"), get);
    assert.match(response, /^HTTP\/1\.1 200 OK\r\n/);
  });

  it("100 Continue is passed on once to a client that sent Expect", async () => {
    site().upstream.serve = onEachHead((socket) => socket.write(interim.repeat(3) + whole));
    const response = await say(await ways[way](site(), "a.example.com"), put);
    assert.equal(response.match(/100 Continue/g)?.length, 1);
    assert.match(response, /HTTP\/1\.1 200 OK\r\n/);
  });

  for (const [name, head] of [
    ["100 Continue", interim],
    ["103 Early Hints", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"],
  ] as const) {
    it(`a flood of ${name} is broken off with 502`, async () => {
      site().upstream.serve = onEachHead((socket) => {
        const more = () => {
          while (!socket.destroyed && socket.write(head.repeat(1000)));
        };
        socket.on("drain", more);
        more();
      });
      const { status, body } = await ask(site(), way, "a.example.com");
      assert.equal(status, 502);
      assert.match(body, /^OC6039: .*more than 8 interim responses/);
      assert.ok(site().gateway.isRunning);
    });
  }
});

describe("the head of a response", () => {
  const site = useSite();
  beforeEach(() => site().upstream.cut());

  it("reaches the client before the first byte of the body (server-sent events, long polls)", async () => {
    let finish = () => {};
    site().upstream.handle = (_request, response) => {
      response.writeHead(200, { "Content-Type": "text/event-stream" }).flushHeaders();
      finish = () => response.end("data: late\n\n");
    };
    const socket = await ways[way](site(), "a.example.com");
    socket.write("GET / HTTP/1.1\r\nHost: a.example.com\r\nConnection: close\r\n\r\n");
    const [head] = await once(socket, "data"); // the upstream sends no more until then
    assert.match(String(head), /^HTTP\/1\.1 200 OK\r\n.*text\/event-stream/s);
    const rest = once(socket, "data");
    finish();
    assert.match(String(await rest), /data: late/);
    socket.destroy();
  });

  const wrong: Record<string, [head: string, reason: RegExp]> = {
    "101 without Upgrade": ["HTTP/1.1 101 Switching Protocols\r\n\r\n", /a change of protocol that was not requested/],
    "a status under 100": [
      "HTTP/1.1 099 Odd\r\nContent-Length: 0\r\n\r\n",
      /a\.example\.com sent an invalid response: not HTTP \(no status line\)/,
    ],
    "Transfer-Encoding: gzip, chunked": [
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
      /a transfer coding other than chunked/,
    ],
    "more fields than a head may have": [
      `HTTP/1.1 200 OK\r\n${"a: b\r\n".repeat(600)}Content-Length: 0\r\n\r\n`,
      /more than 512 header fields/,
    ],
  };
  for (const [what, [head, reason]] of Object.entries(wrong)) {
    it(`becomes 502 if it is invalid: ${what}`, async () => {
      site().upstream.serve = onEachHead((socket) => socket.end(head));
      const { status, body } = await ask(site(), way, "a.example.com");
      assert.equal(status, 502);
      assert.match(body, reason);
    });
  }

  it("cannot carry the header of a denial by the policy", async () => {
    site().upstream.handle = (_request, response) => {
      response.writeHead(403, { "X-OpenAI-Containers-Policy": "denied", "X-Other": "kept" }).end();
    };
    const { headers } = await ask(site(), way, "a.example.com");
    assert.deepEqual([headers["x-openai-containers-policy"], headers["x-other"]], [undefined, "kept"]);
  });

  it("carries Content-Length without leading zeros, and so does a request", async () => {
    site().upstream.serve = (socket) => {
      let heard = "";
      socket.on("data", (chunk) => {
        heard += chunk;
        if (!heard.endsWith("hello")) return;
        const sent = /Content-Length: (\d+)/.exec(heard)?.[1] ?? "";
        socket.end(`HTTP/1.1 200 OK\r\nX-Sent: ${sent}\r\nContent-Length: 0005\r\n\r\nhello`);
      });
    };
    const request = "POST / HTTP/1.1\r\nHost: a.example.com\r\nContent-Length: 0005\r\nConnection: close\r\n\r\nhello";
    const response = await say(await ways[way](site(), "a.example.com"), request);
    assert.match(response, /X-Sent: 5\r\nContent-Length: 5\r\n/);
  });
});

describe("an idle upstream connection", () => {
  const site = useSite();
  const kept = { headers: { Connection: "keep-alive" } };
  beforeEach(() => site().upstream.cut());

  const spoilers: Record<string, { first: string; later: string; status: number; method?: string }> = {
    "a second response": { first: whole, later: "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nspoiled", status: 200 },
    "a body behind 204": { first: "HTTP/1.1 204 No Content\r\n\r\n", later: "spoiled", status: 204 },
    "a body behind 304": { first: "HTTP/1.1 304 Not Modified\r\n\r\n", later: "spoiled", status: 304 },
    "a body behind HEAD": {
      first: "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n",
      later: "spoiled",
      status: 200,
      method: "HEAD",
    },
  };
  for (const [what, { first, later, status, method = "GET" }] of Object.entries(spoilers)) {
    /** Settles when the connection of the last request has been closed. */
    let closed: Promise<unknown> = Promise.resolve();
    const spoiling = (delay: number | undefined) => {
      site().upstream.serve = onEachHead((socket, nth) => {
        closed = once(socket, "close");
        if (nth > 1) socket.end("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nreused");
        else if (delay === undefined) socket.write(first + later);
        else socket.write(first, () => setTimeout(() => socket.write(later), delay));
      });
    };

    it(`serves the client its response, and is closed after it: ${what} in the same packet`, async () => {
      spoiling(undefined);
      const socket = await ways[way](site(), "a.example.com");
      for (let round = 0; round < 5; round++) {
        assert.equal((await askOn(socket, "a.example.com", "/", { ...kept, method })).status, status);
      }
      assert.equal(site().upstream.connections, 5);
      socket.destroy();
    });

    it(`is closed when it receives data: ${what} a moment later`, async () => {
      spoiling(20);
      const socket = await ways[way](site(), "a.example.com");
      for (let round = 0; round < 5; round++) {
        // POST, as it is never repeated: it gets a new connection from the start.
        const asking = method === "GET" ? { ...kept, method: "POST", body: "x" } : { ...kept, method };
        const reply = await askOn(socket, "a.example.com", "/", asking);
        assert.equal(reply.status, status);
        assert.doesNotMatch(reply.body, /spoiled|reused/);
        await closed;
      }
      assert.equal(site().upstream.connections, 5);
      socket.destroy();
    });
  }

  it("is replaced by a new one, and a safe request repeated, when its response is invalid", async () => {
    site().upstream.serve = onEachHead((socket, nth) => {
      socket.write(nth > 1 ? "nonsense" : whole);
    });
    const socket = await ways[way](site(), "a.example.com");
    for (let round = 0; round < 3; round++) {
      assert.equal((await askOn(socket, "a.example.com", "/", kept)).body, "ok");
    }
    const { status } = await askOn(socket, "a.example.com", "/", { ...kept, method: "POST", body: "x" });
    assert.equal(status, 502); // it may have been carried out
    socket.destroy();
  });

  it("is not reused after 204 with a length", async () => {
    site().upstream.serve = onEachHead((socket) => {
      socket.write("HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\n");
    });
    const socket = await ways[way](site(), "a.example.com");
    for (let round = 0; round < 3; round++) {
      assert.equal((await askOn(socket, "a.example.com", "/", kept)).status, 204);
    }
    assert.equal(site().upstream.connections, 3);
    socket.destroy();
  });
});
