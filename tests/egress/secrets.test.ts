import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { placeholder, secretValue, useSite } from "../support/egress/site";
import { type Asking, ask, say, type Way, ways } from "../support/egress/speak";
import { agreement, frame, handshakeFields } from "../support/egress/websocket";

const basic = (text: string) => Buffer.from(text, "latin1").toString("base64");

describe("a secret", () => {
  const other = "another-placeholder-0123456789";
  const site = useSite(
    {},
    {
      secrets: [
        { domain: "a.example", name: "TOKEN", placeholder, value: secretValue },
        { domain: "a.example", name: "TOKEN_2", placeholder: `${placeholder}-2`, value: "second secret, $TOKEN" },
        { domain: "a.example", name: "UNICODE", placeholder: "placeholder-of-unicode", value: "grüße\u{1f511}" },
        { domain: "a.example", name: "CONTROL", placeholder: "placeholder-of-control", value: "bell\u0007bell" },
        { domain: "a.example", name: "LARGE", placeholder: "placeholder-of-large", value: "x".repeat(60_000) },
        {
          domain: "a.example",
          name: "LONGER",
          placeholder: "placeholder-of-longer",
          value: "second secret, $TOKEN and more",
        },
        { domain: "b.example", name: "OTHER", placeholder: other, value: "the other secret" },
      ],
    },
  );
  const header = async (value: string, name = "Authorization", way: Way = "TLS, by the proxy") => {
    await ask(site(), way, "a.example", "/", { headers: { [name]: value } });
    return new RegExp(`\r\n${name}: ([^\r]*)\r\n`).exec(site().upstream.received)?.[1];
  };
  const holdsNone = () => {
    const { received } = site().upstream;
    for (const text of [secretValue, encodeURIComponent(secretValue), basic(secretValue)]) {
      assert.equal(received.includes(text), false);
    }
  };

  for (const way of ["TLS, by the proxy", "TLS, without a proxy"] as const) {
    it(`takes the place of its placeholder in a header: ${way}`, async () => {
      assert.equal(await header(`Bearer ${placeholder}`, "Authorization", way), `Bearer ${secretValue}`);
      const line = await site().gateway.line(({ reason }) => reason === "with the secret TOKEN");
      assert.equal(line["domain"], "a.example");
    });
  }

  const values: [written: string, sent: string][] = [
    ["$TOKEN", secretValue],
    ["Bearer $TOKEN", `Bearer ${secretValue}`],
    ["a=$TOKEN; b=$TOKEN", `a=${secretValue}; b=${secretValue}`],
    ["$TOKEN_2", "second secret, $TOKEN"],
    [`${placeholder}-2`, "second secret, $TOKEN"],
    ["$TOKENS", "$TOKENS"],
    ["$TOKEN_3", "$TOKEN_3"],
    ["x$TOKEN", "x$TOKEN"],
    ["$token", "$token"],
    ["TOKEN", "TOKEN"],
    ["$OTHER", "$OTHER"],
    [other, other],
    ["$UNICODE", Buffer.from("grüße\u{1f511}").toString("latin1")],
    [`Basic ${basic("user:$TOKEN")}`, `Basic ${basic(`user:${secretValue}`)}`],
    [`basic  ${basic(`${placeholder}:`)}`, `Basic ${basic(`${secretValue}:`)}`],
    [`Basic ${basic("user:$CONTROL")}`, `Basic ${basic("user:bell\x07bell")}`],
    [`Basic ${basic("user:password")}`, `Basic ${basic("user:password")}`],
    [`Basic ${basic("x:$TOKEN").replace(/.$/, "*")}`, `Basic ${basic("x:$TOKEN").replace(/.$/, "*")}`],
    [`Digest ${basic("user:$TOKEN")}`, `Digest ${basic("user:$TOKEN")}`],
  ];
  for (const [written, sent] of values) {
    it(`is put into just what stands for it: ${written.replace(placeholder, "…")}`, async () => {
      assert.equal(await header(written), sent);
    });
  }

  it("is put into any header's value, and no header's name", async () => {
    assert.equal(await header(`session=${placeholder}`, "Cookie"), `session=${secretValue}`);
    site().upstream.clear();
    await ask(site(), "TLS, by the proxy", "a.example", "/", { headers: { [placeholder]: "x" } });
    assert.match(site().upstream.received, new RegExp(`\r\n${placeholder}: x\r\n`));
    holdsNone();
  });

  it("is not put into a URL, a body or a chunk", async () => {
    const asking: Asking = {
      method: "POST",
      body: `${placeholder} $TOKEN`,
      headers: { "Transfer-Encoding": "chunked" },
    };
    await ask(site(), "TLS, by the proxy", "a.example", `/${placeholder}?key=$TOKEN&${placeholder}`, asking);
    assert.match(site().upstream.received, new RegExp(`POST /${placeholder}`));
    holdsNone();
  });

  it("is not sent to another domain that is allowed", async () => {
    for (const way of ["TLS, by the proxy", "TLS, without a proxy"] as const) {
      const headers = { Authorization: `Bearer ${placeholder}`, Cookie: "$TOKEN" };
      assert.equal((await ask(site(), way, "b.example", "/", { headers })).status, 200);
    }
    assert.match(site().upstream.received, new RegExp(`Authorization: Bearer ${placeholder}\r\nCookie: \\$TOKEN\r\n`));
    holdsNone();
    await site().gateway.line(({ reason }) => reason === "a placeholder was left as it is: it is another domain's");
  });

  it("is not sent without TLS", async () => {
    for (const way of ["plain HTTP, by the proxy", "plain HTTP, in a tunnel", "plain HTTP, without a proxy"] as const) {
      await ask(site(), way, "a.example", "/", {
        headers: { Authorization: `Bearer ${placeholder}`, Cookie: "$TOKEN" },
      });
    }
    assert.match(site().upstream.received, new RegExp(`Authorization: Bearer ${placeholder}\r\n`));
    holdsNone();
    await site().gateway.line(({ reason }) =>
      /^a placeholder was left as it is: the connection is not encr/.test(String(reason)),
    );
  });

  it("cannot be multiplied without end", async () => {
    const headers = { "X-Many": Array.from({ length: 5 }, () => "$LARGE").join(" ") };
    assert.equal((await ask(site(), "TLS, by the proxy", "a.example", "/", { headers })).status, 431);
    assert.equal(site().upstream.received, "");
  });

  it("that no header can carry is not sent", async () => {
    const { status, body } = await ask(site(), "TLS, by the proxy", "a.example", "/", {
      headers: { "X-Key": "$CONTROL" },
    });
    assert.equal(status, 400);
    assert.match(body, /the secret CONTROL has a character that no header can carry/);
    assert.equal(site().upstream.received, "");
  });

  it("does not come back from an upstream that echoes", async () => {
    const headers = { Authorization: `Basic ${basic("user:$TOKEN")}`, "X-Token": "$TOKEN", "X-Unicode": "$UNICODE" };
    const { headers: answered, body } = await ask(site(), "TLS, by the proxy", "a.example", "/", { headers });
    const echoed = JSON.parse(body);
    assert.equal(echoed.headers["x-token"], "*".repeat(JSON.stringify(secretValue).length - 2));
    assert.match(echoed.headers.authorization, /^Basic \*+$/);
    assert.equal(answered["content-length"], String(body.length));

    site().upstream.handle = (request, response) => {
      response.setHeader("X-Echo", String(request.headers["x-token"]));
      response.setHeader("Location", `/?${encodeURIComponent(String(request.headers["x-token"]))}`);
      response.end();
    };
    const inHeaders = await ask(site(), "TLS, by the proxy", "a.example", "/", { headers });
    assert.match(String(inHeaders.headers["x-echo"]), /^\*+$/);
    assert.match(String(inHeaders.headers.location), /^\/\?\*+$/);
  });

  it("does not come back byte by byte, nor later", async () => {
    await ask(site(), "TLS, by the proxy", "a.example", "/", { headers: { "X-Token": "$TOKEN" } });
    site().upstream.handle = (_request, response) => {
      const bytes = [...`before ${secretValue} sk-${secretValue} after sk-`];
      const next = () => {
        const byte = bytes.shift();
        if (byte === undefined) response.end();
        else response.write(byte, () => setTimeout(next, 1));
      };
      next();
    };
    const { body } = await ask(site(), "TLS, by the proxy", "a.example");
    const hidden = "*".repeat(secretValue.length);
    assert.equal(body, `before ${hidden} sk-${hidden} after sk-`);
  });

  it("does not come back in part, where another secret begins like it", async () => {
    site().upstream.handle = (_request, response) => {
      response.write("[second secret, $TOKEN", () => {
        setTimeout(() => response.end(" and more][second secret, $TOKEN"), 50);
      });
    };
    const { body } = await ask(site(), "TLS, by the proxy", "a.example");
    assert.equal(body, `[${"*".repeat(30)}][${"*".repeat(21)}`);
  });

  it("does not come back over plain HTTP, where its domain has it by now", async () => {
    site().upstream.handle = (request, response) => {
      response.end(`${secretValue} ${request.headers["accept-encoding"]}`);
    };
    const { body } = await ask(site(), "plain HTTP, by the proxy", "a.example", "/", {
      headers: { "Accept-Encoding": "gzip" },
    });
    assert.equal(body, `${"*".repeat(secretValue.length)} identity`);
  });

  it("does not come back in a WebSocket, for which no compression is agreed on", async () => {
    site().upstream.onUpgrade = (request, socket) => {
      socket.write(agreement(request));
      socket.end(frame(`[${request.headers["sec-websocket-extensions"]} ${request.headers.cookie}]`, false), "latin1");
    };
    const fields = `Connection: Upgrade\r\nUpgrade: websocket\r\n${handshakeFields}\r\nSec-WebSocket-Extensions: permessage-deflate\r\nCookie: $TOKEN`;
    const answer = await say(
      await ways["TLS, by the proxy"](site(), "a.example"),
      `GET / HTTP/1.1\r\nHost: a.example\r\n${fields}\r\n\r\n`,
    );
    assert.ok(answer.endsWith(`[undefined ${"*".repeat(secretValue.length)}]`), answer);
    assert.match(site().upstream.received, /\r\nCookie: sk-/);
  });

  it("is sent with the wish for an answer that can be searched, and no other answer comes back", async () => {
    site().upstream.handle = (request, response) => {
      response.setHeader("Content-Encoding", "gzip");
      response.end(gzipSync(`${request.headers["x-token"]} ${request.headers["accept-encoding"]}`));
    };
    const headers = { "X-Token": "$TOKEN", "Accept-Encoding": "gzip" };
    const { status, body } = await ask(site(), "TLS, by the proxy", "a.example", "/", { headers });
    assert.equal(status, 502);
    assert.match(body, /a\.example answers a request with a secret in an encoding that was not asked for/);
    assert.match(site().upstream.received, /\r\nAccept-Encoding: identity\r\n/);
    const without = { "Accept-Encoding": "gzip" };
    assert.equal(
      (await ask(site(), "TLS, by the proxy", "b.example", "/", { headers: without })).headers["content-encoding"],
      "gzip",
    );
  });

  it("is in no line of the log, and no path or header is", async () => {
    await ask(site(), "TLS, by the proxy", "a.example", "/secret-path?secret-query", {
      headers: { "X-Name": "secret-header" },
    });
    const { output } = site().gateway;
    for (const text of [
      secretValue,
      JSON.stringify(secretValue).slice(1, -1),
      placeholder,
      "secret-path",
      "secret-query",
      "secret-header",
      "PRIVATE KEY",
    ]) {
      assert.equal(output.includes(text), false, text);
    }
  });
});
