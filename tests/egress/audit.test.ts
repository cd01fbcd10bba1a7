import assert from "node:assert/strict";
import { useSite } from "../support/egress/site";
import { ask, connectBy, dial, say } from "../support/egress/speak";

describe("the log of a gateway", () => {
  const site = useSite();

  it("has a line for each decision, with sizes and without contents", async () => {
    const from = site().gateway.lines.length;
    site().upstream.handle = (request, response) => {
      request.resume().on("end", () => response.writeHead(201).end("answer"));
    };
    await ask(site(), "TLS, by the proxy", "a.example", "/path", { method: "PUT", body: "four" });
    const { time, ...line } = await site().gateway.line(({ method }) => method === "PUT", from);
    assert.match(String(time), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.deepEqual(line, {
      sandbox: "cntr_test",
      via: "proxy",
      method: "PUT",
      domain: "a.example",
      port: 443,
      decision: "allowed",
      reason: "",
      status: 201,
      bytesUp: 4,
      bytesDown: 6,
    });
    const connect = site().gateway.lines[from];
    assert.deepEqual(
      [connect?.["method"], connect?.["domain"], connect?.["decision"]],
      ["CONNECT", "a.example", "allowed"],
    );
  });

  it("tells of an answer that was cut", async () => {
    const from = site().gateway.lines.length;
    site().upstream.handle = (_request, response) => {
      response.writeHead(200, { "Content-Length": 10 }).write("half", () => response.destroy());
    };
    await assert.rejects(ask(site(), "TLS, by the proxy", "a.example"));
    await site().gateway.line(({ reason }) => reason === "cut before its end", from);
  });

  it("cannot be forged or flooded by a name", async () => {
    const from = site().gateway.lines.length;
    const forged = 'x","decision":"allowed","y\\u000a\u009b2J\u0085';
    await say(await dial(site().gateway.ports.http), `GET / HTTP/1.1\r\nHost: ${forged}\r\n\r\n`);
    await site().gateway.line(({ domain }) => String(domain).endsWith("\\u009b2J\\u0085"), from);
    await connectBy(site(), `${"x".repeat(5000)}.example:443`);
    const end = site().gateway.lines.length + 1;
    await site().gateway.line(({ domain }) => String(domain).startsWith("xxx"), from);
    assert.ok(end > from);
    const text = site().gateway.output;
    assert.match(text, /^[\x20-\x7e\n]*$/);
    for (const line of text.trimEnd().split("\n")) {
      assert.ok(line.length < 2500, `${line.length} characters`);
      assert.equal(typeof JSON.parse(line).time, "string");
    }
    for (const line of site().gateway.lines.slice(from)) assert.equal(line["decision"], "denied");
  });
});
