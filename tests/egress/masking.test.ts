import assert from "node:assert/strict";
import type { Duplex } from "node:stream";
import { gzipSync } from "node:zlib";
import {
  type Arrived,
  arrivals,
  dribble,
  frame,
  webSocketHandshake,
  webSocketResponse,
} from "../support/egress/pieces";
import { type Site, useSite } from "../support/egress/site";
import { ask } from "../support/egress/speak";

const value = "tok_0123456789abcdefGHIJ";
const special = "p+/\"<&>='~ \u00fc\\w";
const secrets = [
  { domain: "a.example.com", name: "TOKEN", placeholder: "placeholder-of-the-token", value },
  { domain: "a.example.com", name: "SPECIAL", placeholder: "placeholder-of-special", value: special },
];
const filler = "-".repeat(2000);

/** Sends a response of these parts in one framing. */
type Framing = (site: Site, parts: string[]) => Promise<Arrived>;

function served(head: (parts: string[]) => string, each = (part: string) => part, last: string[] = []): Framing {
  return (site, parts) => {
    site.upstream.cut(); // an idle connection has its handler already
    site.upstream.serve = (socket) => {
      const [first = "", ...more] = parts.map(each);
      socket.once("data", () => {
        dribble(socket, [`HTTP/1.1 200 OK\r\n${head(parts)}Connection: close\r\n\r\n${first}`, ...more, ...last], 250);
      });
    };
    return arrivals(site, "Connection: close\r\n");
  };
}

function webSocket(sent: (parts: string[]) => Buffer[]): Framing {
  return (site, parts) => {
    site.upstream.serve = undefined;
    site.upstream.onUpgrade = (request, socket: Duplex) => {
      socket.write(webSocketResponse(request.headers["sec-websocket-key"]));
      dribble(socket, sent(parts), 250);
    };
    return arrivals(site, webSocketHandshake);
  };
}

const framings: Record<string, Framing> = {
  chunked: served(
    () => "Transfer-Encoding: chunked\r\n",
    (part) => `${part.length.toString(16)}\r\n${part}\r\n`,
    ["0\r\n\r\n"],
  ),
  "Content-Length": served((parts) => `Content-Length: ${parts.join("").length}\r\n`),
  "until the connection closes": served(() => ""),
  "WebSocket, a frame for each part": webSocket((parts) => parts.map((part) => frame(part))),
  "WebSocket, one frame": webSocket((parts) => {
    const whole = frame(parts.join(""));
    const cuts = parts.map((_part, index) => whole.length - parts.slice(index).join("").length);
    return cuts.map((cut, index) => whole.subarray(index === 0 ? 0 : cut, cuts[index + 1]));
  }),
};

describe("response masking", () => {
  const site = useSite({}, { secrets });

  describe("releases equal pieces at equal times for right and wrong guesses of a secret's beginning", function () {
    this.timeout(30_000);
    this.retries(2); // times on a busy machine
    for (const [name, framing] of Object.entries(framings)) {
      it(name, async () => {
        const seen: Arrived[] = [];
        for (const guess of [value.slice(0, 12), "Q".repeat(12), value.slice(0, 23), "Q".repeat(23)]) {
          seen.push(await framing(site(), [filler + guess, filler + guess, filler + guess]));
        }
        for (const [right, wrong] of [seen.slice(0, 2), seen.slice(2)]) {
          assert.deepEqual(
            right?.pieces.map(({ length }) => length),
            wrong?.pieces.map(({ length }) => length),
          );
          for (const [index, { ms }] of (right?.pieces ?? []).entries()) {
            assert.ok(Math.abs(ms - (wrong?.pieces[index]?.ms ?? 0)) < 100, `piece ${index} at ${ms} ms`);
          }
        }
      });
    }
  });

  const stars = (text: string) => "*".repeat(Buffer.byteLength(text));
  const respond = async (body: string | Buffer, headers: Record<string, string> = {}, host = "a.example.com") => {
    site().upstream.handle = (_request, response) => {
      for (const [name, text] of Object.entries(headers)) response.setHeader(name, text);
      response.end(body);
    };
    return ask(site(), "TLS, by the proxy", host);
  };

  // As each writes it by its documentation; those of Python and JavaScript were printed by them.
  const spelled: [by: string, text: string][] = [
    ["itself", special],
    ["JSON.stringify", String.raw`p+/\"<&>='~ ü\\w`],
    ["Python's json.dumps", String.raw`p+/\"<&>='~ \u00fc\\w`],
    ["PHP's json_encode", String.raw`p+\/\"<&>='~ \u00fc\\w`],
    [".NET's JsonSerializer", String.raw`p\u002B/\u0022\u003C\u0026\u003E=\u0027~ \u00FC\\w`],
    ["Go's json.Marshal", String.raw`p+/\"\u003c\u0026\u003e='~ ü\\w`],
    ["encodeURIComponent", "p%2B%2F%22%3C%26%3E%3D'~%20%C3%BC%5Cw"],
    ["encodeURI", "p+/%22%3C&%3E='~%20%C3%BC%5Cw"],
    ["Python's quote", "p%2B/%22%3C%26%3E%3D%27~%20%C3%BC%5Cw"],
    ["Python's quote_plus, Go's QueryEscape", "p%2B%2F%22%3C%26%3E%3D%27~+%C3%BC%5Cw"],
    ["PHP's urlencode", "p%2B%2F%22%3C%26%3E%3D%27%7E+%C3%BC%5Cw"],
    ["Go's PathEscape", "p+%2F%22%3C&%3E=%27~%20%C3%BC%5Cw"],
    ["a percent-encoding in lower case", "p%2b%2f%22%3c%26%3e%3d%27~%20%c3%bc%5cw"],
    ["PHP's htmlspecialchars", "p+/&quot;&lt;&amp;&gt;=&#039;~ ü\\w"],
    ["Python's html.escape", "p+/&quot;&lt;&amp;&gt;=&#x27;~ ü\\w"],
    ["Go's html/template", "p&#43;/&#34;&lt;&amp;&gt;=&#39;~ ü\\w"],
  ];
  for (const [by, text] of spelled) {
    it(`finds a secret as spelled by ${by}`, async () => {
      const { body } = await respond(`[${text}] [${text}]`);
      assert.equal(body, `[${stars(text)}] [${stars(text)}]`);
      await site().gateway.line(({ reason }) => reason === "masked in the response: the secret SPECIAL");
    });
  }

  for (const alphabet of ["base64", "base64url"] as const) {
    it(`finds a secret in ${alphabet}, whatever stands around it`, async () => {
      for (const before of ["", "u", "us", "user:"]) {
        const of = (text: string) => Buffer.from(text).toString(alphabet);
        const { body } = await respond(of(`${before}${value}:password`));
        // The rest reveals nothing of the secret: it is the same with any other one.
        assert.match(body, /\*{30,}/);
        const seen = [...body].map((one, at) => (one === "*" ? "" : at));
        const other = of(`${before}${"Z".repeat(value.length)}:password`);
        for (const at of seen) if (at !== "") assert.equal(body[at], other[at]);
      }
    });
  }

  it("finds a secret in a response of another allowed domain, and in names and values of headers", async () => {
    const { body, headers } = await respond(
      `[${value}]`,
      { [`x-${value}`]: "1", location: `/?${value}` },
      "b.example.com",
    );
    assert.equal(body, `[${stars(value)}]`);
    assert.equal(headers.location, `/?${stars(value)}`);
    assert.equal(headers[`x-${stars(value)}`], "1");
  });

  it("releases a line at once, as no secret contains a line end", async () => {
    const pieces = ["data: one\n\n", "data: two\n\n"];
    site().upstream.cut();
    site().upstream.serve = (socket) => {
      socket.once("data", () => dribble(socket, ["HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", ...pieces], 150));
    };
    const { pieces: seen } = await arrivals(site(), "Connection: close\r\n");
    // Chunks of the second line and of the end: neither waited for what came next.
    assert.deepEqual(
      seen.slice(-2).map(({ length }) => length),
      [16, 5],
    );
  });

  it("releases the end of a piece after half a second of silence, and masks the rest of a secret after it", async () => {
    site().upstream.cut();
    site().upstream.serve = (socket) => {
      const head = `HTTP/1.1 200 OK\r\nContent-Length: ${value.length + 2}\r\nConnection: close\r\n\r\n`;
      const parts = [head, `[${value.slice(0, 9)}`, `${value.slice(9)}]`];
      socket.once("data", () => dribble(socket, parts, 900));
    };
    const { body, pieces } = await arrivals(site(), "Connection: close\r\n");
    assert.equal(body, `[${value.slice(0, 9)}${"*".repeat(value.length - 9)}]`);
    const ms = pieces.at(-2)?.ms ?? 0; // it was sent after 900
    assert.ok(ms > 1350 && ms < 1750, JSON.stringify(pieces));
  });

  it("neither requests nor accepts a partial response of a domain with secrets", async () => {
    const headers = {
      Range: "bytes=0-99",
      "If-Range": '"x"',
      "X-Ms-Range": "bytes=0-99",
      "Content-Range": "bytes 0-1/2",
    };
    assert.equal((await ask(site(), "TLS, by the proxy", "a.example.com", "/", { headers })).status, 200);
    assert.doesNotMatch(site().upstream.received, /\r\n(if-|x-ms-)?range:/i);
    assert.match(site().upstream.received, /\r\nContent-Range: /);
    site().upstream.clear();
    await ask(site(), "TLS, by the proxy", "b.example.com", "/", { headers });
    assert.match(site().upstream.received, /\r\nRange: bytes=0-99\r\n/);
    site().upstream.handle = (_request, response) => response.writeHead(206).end("part");
    const { status, body } = await ask(site(), "TLS, by the proxy", "a.example.com");
    assert.equal(status, 502);
    assert.match(body, /^OC6041: .*a\.example\.com, which has secrets, sent a partial response/);
  });

  describe("of a compressed response", () => {
    it("requests none", async () => {
      for (const host of ["a.example.com", "b.example.com"]) {
        site().upstream.clear();
        await ask(site(), "TLS, by the proxy", host, "/", { headers: { "Accept-Encoding": "gzip, br" } });
        assert.equal(
          site()
            .upstream.received.match(/accept-encoding: [^\r]*/gi)
            ?.join(),
          "Accept-Encoding: identity",
        );
      }
    });

    it("passes gzip without a secret on byte for byte", async () => {
      const text = Buffer.from(Array.from({ length: 200_000 }, (_none, index) => `${index % 977} ${index}\n`).join(""));
      for (const plain of [text, Buffer.from("x"), Buffer.alloc(0), Buffer.from(value.slice(0, -1))]) {
        const zipped = gzipSync(plain);
        const { body, headers, status } = await respond(zipped, { "Content-Encoding": "gzip" });
        assert.equal(status, 200);
        assert.equal(headers["content-length"], String(zipped.length));
        assert.ok(Buffer.from(body, "latin1").equals(zipped));
      }
    });

    it("passes on responses to HEAD and 304, which have no body to search", async () => {
      for (const [method, status] of [
        ["HEAD", 200],
        ["GET", 304],
      ] as const) {
        site().upstream.handle = (_request, response) => {
          response.writeHead(status, { "Content-Encoding": "gzip" }).end();
        };
        const reply = await ask(site(), "TLS, by the proxy", "a.example.com", "/", { method });
        assert.deepEqual([reply.status, reply.headers["content-encoding"], reply.body], [status, "gzip", ""]);
      }
    });

    const broken: [what: string, body: () => Buffer, reason: RegExp][] = [
      [
        "with a secret",
        () => gzipSync(`${filler}${value}${filler}`),
        /^OC6043: broken off: the compressed response contains a secret/,
      ],
      [
        "that decompresses to a thousand times its size",
        () => gzipSync(Buffer.alloc(64_000_000)),
        /^OC6044: .*more than 200 times its size/,
      ],
      ["that is none", () => Buffer.from(filler), /^OC6044: .*it cannot be decompressed/],
      [
        "with more behind it",
        () => Buffer.concat([gzipSync(filler), Buffer.from(filler)]),
        /^OC6044: .*(bytes behind its end|cannot be decompressed)/,
      ],
    ];
    for (const [what, body, reason] of broken) {
      it(`breaks one off ${what}, with the reason in the log`, async () => {
        const sent = body();
        await assert.rejects(respond(sent, { "Content-Encoding": "gzip" }));
        await site().gateway.line((line) => reason.test(String(line["reason"])));
      });
    }

    it("rejects an encoding that cannot be searched, of any allowed domain", async () => {
      for (const [host, coding] of [
        ["a.example.com", "br"],
        ["b.example.com", "zstd"],
        ["a.example.com", "gzip, gzip"],
      ] as const) {
        const { status, body } = await respond("x", { "Content-Encoding": coding }, host);
        assert.equal(status, 502);
        assert.match(body, /^OC6040: .*sent a Content-Encoding that cannot be searched for secrets/);
      }
    });
  });
});
