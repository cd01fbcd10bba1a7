import assert from "node:assert/strict";
import { arrivals, frame, webSocketHandshake, webSocketResponse } from "../support/egress/pieces";
import { placeholder, secretValue, useSite } from "../support/egress/site";
import { type Asking, ask, type Way } from "../support/egress/speak";

const basic = (text: string) => Buffer.from(text, "latin1").toString("base64");

describe("a secret", () => {
  const other = "another-placeholder-0123456789";
  const site = useSite(
    {},
    {
      secrets: [
        { domain: "a.example.com", name: "TOKEN", placeholder, value: secretValue },
        { domain: "a.example.com", name: "TOKEN_2", placeholder: `${placeholder}-2`, value: "second secret, $TOKEN" },
        { domain: "a.example.com", name: "UNICODE", placeholder: "placeholder-of-unicode", value: "grüße\u{1f511}" },
        { domain: "a.example.com", name: "CONTROL", placeholder: "placeholder-of-control", value: "bell\u0007bell" },
        { domain: "a.example.com", name: "LARGE", placeholder: "placeholder-of-large", value: "x".repeat(16_000) },
        {
          domain: "a.example.com",
          name: "LONGER",
          placeholder: "placeholder-of-longer",
          value: "second secret, $TOKEN and more",
        },
        { domain: "b.example.com", name: "OTHER", placeholder: other, value: "the other secret" },
      ],
    },
  );
  const header = async (value: string, name = "Authorization", way: Way = "TLS, by the proxy") => {
    await ask(site(), way, "a.example.com", "/", { headers: { [name]: value } });
    return new RegExp(`\r\n${name}: ([^\r]*)\r\n`).exec(site().upstream.received)?.[1];
  };
  const holdsNone = () => {
    const { received } = site().upstream;
    for (const text of [secretValue, encodeURIComponent(secretValue), basic(secretValue)]) {
      assert.equal(received.includes(text), false);
    }
  };

  for (const way of ["TLS, by the proxy", "TLS, without a proxy"] as const) {
    it(`replaces its placeholder in a header: ${way}`, async () => {
      assert.equal(await header(`Bearer ${placeholder}`, "Authorization", way), `Bearer ${secretValue}`);
      const reason = "with the secret TOKEN; masked in the response: the secret TOKEN";
      const line = await site().gateway.line((found) => found["reason"] === reason);
      assert.equal(line["domain"], "a.example.com");
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
    it(`is injected in place of its name and placeholder alone: ${written.replace(placeholder, "…")}`, async () => {
      assert.equal(await header(written), sent);
    });
  }

  for (const name of ["Authorization", "Cookie", "X-Api-Key", "apikey", "PRIVATE-TOKEN", "X-Client-Secret", "X-Auth"]) {
    it(`is injected into a header for credentials: ${name}`, async () => {
      assert.equal(await header(`session=${placeholder}`, name), `session=${secretValue}`);
    });
  }

  const others = ["User-Agent", "Referer", "X-Name", "X-Keyword", "Accept", "Idempotency-Key", "Sec-WebSocket-Key"];
  for (const name of others) {
    it(`is injected into no other header: ${name}`, async () => {
      assert.equal(await header(`a $TOKEN ${placeholder}`, name), `a $TOKEN ${placeholder}`);
      holdsNone();
      const left = "OC6046: a placeholder was not replaced: no header for credentials has it";
      await site().gateway.line(({ reason }) => reason === left);
    });
  }

  it("is never injected into a Proxy header, which is not forwarded", async () => {
    const headers = { "Proxy-Authorization": `Bearer ${placeholder}`, "Proxy-Key": "$TOKEN" };
    assert.equal((await ask(site(), "TLS, by the proxy", "a.example.com", "/", { headers })).status, 200);
    assert.doesNotMatch(site().upstream.received, /proxy-|placeholder/i);
    holdsNone();
  });

  it("is not injected into the name of a header", async () => {
    await ask(site(), "TLS, by the proxy", "a.example.com", "/", { headers: { [placeholder]: "x" } });
    assert.match(site().upstream.received, new RegExp(`\r\n${placeholder}: x\r\n`));
    holdsNone();
  });

  it("is not injected into a URL, a body or a chunk", async () => {
    const asking: Asking = {
      method: "POST",
      body: `${placeholder} $TOKEN`,
      headers: { "Transfer-Encoding": "chunked" },
    };
    await ask(site(), "TLS, by the proxy", "a.example.com", `/${placeholder}?key=$TOKEN&${placeholder}`, asking);
    assert.match(site().upstream.received, new RegExp(`POST /${placeholder}`));
    holdsNone();
  });

  it("is not sent to another allowed domain", async () => {
    for (const way of ["TLS, by the proxy", "TLS, without a proxy"] as const) {
      const headers = { Authorization: `Bearer ${placeholder}`, Cookie: "$TOKEN" };
      assert.equal((await ask(site(), way, "b.example.com", "/", { headers })).status, 200);
    }
    assert.match(site().upstream.received, new RegExp(`Authorization: Bearer ${placeholder}\r\nCookie: \\$TOKEN\r\n`));
    holdsNone();
    await site().gateway.line(
      ({ reason }) => reason === "OC6046: a placeholder was not replaced: it belongs to another domain",
    );
  });

  it("is not sent without TLS", async () => {
    for (const way of ["plain HTTP, by the proxy", "plain HTTP, in a tunnel", "plain HTTP, without a proxy"] as const) {
      await ask(site(), way, "a.example.com", "/", {
        headers: { Authorization: `Bearer ${placeholder}`, Cookie: "$TOKEN" },
      });
    }
    assert.match(site().upstream.received, new RegExp(`Authorization: Bearer ${placeholder}\r\n`));
    holdsNone();
    await site().gateway.line(({ reason }) =>
      /^OC6046: a placeholder was not replaced: the connection is not encr/.test(String(reason)),
    );
  });

  it("is rejected when it is repeated beyond the size of a request head", async () => {
    const headers = { Cookie: Array.from({ length: 9 }, () => "$LARGE").join(" ") };
    assert.equal((await ask(site(), "TLS, by the proxy", "a.example.com", "/", { headers })).status, 431);
    assert.equal(site().upstream.received, "");
  });

  it("is not sent with a control character, which no header can carry", async () => {
    const { status, body } = await ask(site(), "TLS, by the proxy", "a.example.com", "/", {
      headers: { "X-Key": "$CONTROL" },
    });
    assert.equal(status, 400);
    assert.match(body, /^OC6025: .*the secret CONTROL has a control character/);
    assert.equal(site().upstream.received, "");
  });

  it("is masked in the response of an upstream that echoes it", async () => {
    const headers = {
      Authorization: `Basic ${basic("user:$TOKEN")}`,
      "X-Token": "$TOKEN",
      "X-Unicode-Key": "$UNICODE",
    };
    const { headers: received, body } = await ask(site(), "TLS, by the proxy", "a.example.com", "/", { headers });
    const echoed = JSON.parse(body);
    assert.equal(echoed.headers["x-token"], "*".repeat(JSON.stringify(secretValue).length - 2));
    assert.match(echoed.headers.authorization, /^Basic dXNlcj\*+=*$/);
    assert.equal(received["content-length"], String(body.length));

    site().upstream.handle = (request, response) => {
      response.setHeader("X-Echo", String(request.headers["x-token"]));
      response.setHeader("Location", `/?${encodeURIComponent(String(request.headers["x-token"]))}`);
      response.end();
    };
    const inHeaders = await ask(site(), "TLS, by the proxy", "a.example.com", "/", { headers });
    assert.match(String(inHeaders.headers["x-echo"]), /^\*+$/);
    assert.match(String(inHeaders.headers.location), /^\/\?\*+$/);
  });

  it("is masked in a response that arrives byte by byte", async () => {
    await ask(site(), "TLS, by the proxy", "a.example.com", "/", { headers: { "X-Token": "$TOKEN" } });
    site().upstream.handle = (_request, response) => {
      const bytes = [...`before ${secretValue} sk-${secretValue} after sk-`];
      const next = () => {
        const byte = bytes.shift();
        if (byte === undefined) response.end();
        else response.write(byte, () => setTimeout(next, 1));
      };
      next();
    };
    const { body } = await ask(site(), "TLS, by the proxy", "a.example.com");
    const hidden = "*".repeat(secretValue.length);
    assert.equal(body, `before ${hidden} sk-${hidden} after sk-`);
  });

  it("is masked as a whole where another secret begins with it", async () => {
    site().upstream.handle = (_request, response) => {
      response.write("[second secret, $TOKEN", () => {
        setTimeout(() => response.end(" and more][second secret, $TOKEN"), 50);
      });
    };
    const { body } = await ask(site(), "TLS, by the proxy", "a.example.com");
    assert.equal(body, `[${"*".repeat(30)}][${"*".repeat(21)}`);
  });

  it("is masked over plain HTTP too, as its domain may have stored it", async () => {
    site().upstream.handle = (request, response) => {
      response.end(`${secretValue} ${request.headers["accept-encoding"]}`);
    };
    const { body } = await ask(site(), "plain HTTP, by the proxy", "a.example.com", "/", {
      headers: { "Accept-Encoding": "gzip" },
    });
    assert.equal(body, `${"*".repeat(secretValue.length)} identity`);
  });

  it("is masked in a WebSocket, for which no compression is negotiated", async () => {
    site().upstream.onUpgrade = (request, socket) => {
      socket.write(webSocketResponse(request.headers["sec-websocket-key"]));
      const echo = `[${request.headers["sec-websocket-extensions"]} ${request.headers.cookie}]`;
      socket.end(Buffer.concat([frame(echo), frame("x".repeat(200)), frame(`${"y".repeat(70_000)}${echo}`)]));
    };
    const fields = `${webSocketHandshake}Sec-WebSocket-Extensions: permessage-deflate\r\nCookie: $TOKEN\r\n`;
    const { body } = await arrivals(site(), fields);
    const echo = `[undefined ${"*".repeat(secretValue.length)}]`;
    const frames = [frame(echo), frame("x".repeat(200)), frame(`${"y".repeat(70_000)}${echo}`)];
    assert.equal(body, Buffer.concat(frames).toString("latin1"));
    assert.match(site().upstream.received, /\r\nCookie: sk-/);
  });

  it("is in no line of the log, like any path and header", async () => {
    await ask(site(), "TLS, by the proxy", "a.example.com", "/secret-path?secret-query", {
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
