import assert from "node:assert/strict";
import { logShowsPolicy, policyLogLines } from "../../provider/backends/docker/allowlist/gateway/gateway-container";
import { useSite } from "../support/egress/site";
import { ask, askOn, connectBy, dial, say, ways } from "../support/egress/speak";

describe("the log of a gateway", () => {
  const site = useSite();

  it("has a line for each decision, with sizes and without contents", async () => {
    const from = site().gateway.lines.length;
    site().upstream.handle = (request, response) => {
      request.resume().on("end", () => response.writeHead(201).end("response"));
    };
    await ask(site(), "TLS, by the proxy", "a.example.com", "/path", { method: "PUT", body: "four" });
    const { time, exchange, ...line } = await site().gateway.line(({ status }) => status === 201, from);
    assert.equal(typeof exchange, "number");
    assert.match(String(time), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.deepEqual(line, {
      sandbox: "cntr_test",
      via: "proxy",
      method: "PUT",
      domain: "a.example.com",
      port: 443,
      decision: "allowed",
      reason: "",
      status: 201,
      bytesUp: 4,
      bytesDown: 8,
    });
    const connect = site().gateway.lines[from];
    assert.deepEqual(
      [connect?.["method"], connect?.["domain"], connect?.["decision"]],
      ["CONNECT", "a.example.com", "allowed"],
    );
  });

  it("has a line for a request before its upstream gets it, and one with its bytes when it is over", async () => {
    const from = site().gateway.lines.length;
    let finish = () => {};
    const arrived = new Promise<void>((resolve) => {
      site().upstream.handle = (request, response) => {
        finish = () => response.end("response");
        request.resume().on("end", resolve);
      };
    });
    const sent = ask(site(), "TLS, by the proxy", "a.example.com", "/path", { method: "PUT", body: "four" });
    await arrived;
    const { time, ...begun } = await site().gateway.line(({ event }) => event === "begin", from);
    assert.equal(typeof time, "string");
    const { exchange } = begun;
    assert.deepEqual(begun, {
      ...{ sandbox: "cntr_test", event: "begin", exchange },
      ...{ via: "proxy", method: "PUT", domain: "a.example.com", port: 443, reason: "" },
    });
    finish();
    await sent;
    const end = await site().gateway.line((line) => line["exchange"] === exchange && "decision" in line, from);
    assert.deepEqual([end["decision"], end["bytesUp"], end["bytesDown"]], ["allowed", 4, 8]);
  });

  it("has the line of a request that was under way when the gateway was killed", async () => {
    const from = site().gateway.lines.length;
    const arrived = new Promise<void>((resolve) => {
      site().upstream.handle = () => resolve();
    });
    const sent = ask(site(), "TLS, by the proxy", "b.example.com").catch(() => undefined);
    await arrived;
    await site().gateway.kill();
    await sent;
    const found = site().gateway.lines.slice(from);
    assert.ok(found.some(({ event, domain }) => event === "begin" && domain === "b.example.com"));
    await site().restart();
  });

  it("has the reason of a response that was broken off", async () => {
    const from = site().gateway.lines.length;
    site().upstream.handle = (_request, response) => {
      response.writeHead(200, { "Content-Length": 10 }).write("half", () => response.destroy());
    };
    await assert.rejects(ask(site(), "TLS, by the proxy", "a.example.com"));
    await site().gateway.line(({ reason }) => String(reason).startsWith("OC6045: "), from);
  });

  it("has the host and the port of a denied request apart, and a name that has neither form as it is", async () => {
    const logged = async (bytes: string, listener: "http" | "proxy") => {
      const from = site().gateway.lines.length;
      await say(await dial(site().gateway.ports[listener]), bytes);
      const { domain, port } = await site().gateway.line(({ decision }) => decision === "denied", from);
      return [domain, port];
    };
    const get = (target: string, host: string) => `GET ${target} HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
    const up = "up.example.com:8080";
    assert.deepEqual(await logged(get("/", up), "http"), ["up.example.com", 8080]);
    assert.deepEqual(await logged(get(`http://${up}/`, up), "proxy"), ["up.example.com", 8080]);
    assert.deepEqual(await logged(get("/", "other.example.com"), "http"), ["other.example.com", 80]);
    assert.deepEqual(await logged(get("/", "169.254.169.254:8080"), "http"), ["169.254.169.254", 8080]);
    const connect = (authority: string) => `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`;
    assert.deepEqual(await logged(connect("www.example.com:443"), "proxy"), ["www.example.com", 443]);
    assert.deepEqual(await logged(connect("[2001:db8::1]:443"), "proxy"), ["[2001:db8::1]", 443]);
    assert.deepEqual(await logged(connect("a.example.com"), "proxy"), ["a.example.com", undefined]);
    assert.deepEqual(await logged(connect("x:y:1"), "proxy"), ["x:y:1", undefined]);
  });

  it("cannot be forged or flooded by a name", async () => {
    const from = site().gateway.lines.length;
    const forged = 'x","decision":"allowed","y\\u000a\u009b2J\u0085';
    await say(await dial(site().gateway.ports.http), `GET / HTTP/1.1\r\nHost: ${forged}\r\n\r\n`);
    await site().gateway.line(({ domain }) => String(domain).endsWith("\\u009b2J\\u0085"), from);
    await connectBy(site(), `${"x".repeat(5000)}.example.com:443`);
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

describe("the log of a gateway that its sandbox floods", () => {
  const site = useSite({ countMs: 500, listed: 100 });
  const ask403 = async (count: number, host: (index: number) => string) => {
    const socket = await dial(site().gateway.ports.dns);
    socket.resume();
    for (let index = 0; index < count; index++) {
      const labels = host(index).split(".");
      const name = Buffer.concat([
        ...labels.map((label) => Buffer.from([label.length, ...Buffer.from(label)])),
        Buffer.of(0),
      ]);
      const question = Buffer.concat([
        Buffer.from("abcd01000001000000000000", "hex"),
        name,
        Buffer.from("00010001", "hex"),
      ]);
      const length = Buffer.alloc(2);
      length.writeUInt16BE(question.length);
      if (!socket.write(Buffer.concat([length, question])))
        await new Promise((resolve) => socket.once("drain", resolve));
    }
    return socket;
  };
  const sum = (from: number) =>
    site()
      .gateway.lines.slice(from)
      .reduce((total, line) => total + Number(line["more"] ?? (line["via"] === "dns" ? 1 : 0)), 0);
  const until = async (isDone: () => boolean) => {
    for (const end = Date.now() + 60_000; !isDone() && Date.now() < end; )
      await new Promise((resolve) => setTimeout(resolve, 100));
    assert.ok(isDone());
  };

  it("counts equal denials, and loses none", async () => {
    const from = site().gateway.lines.length;
    const socket = await ask403(5000, () => "evil.example.com");
    await until(() => sum(from) === 5000);
    const { time, ...line } = await site().gateway.line(({ more }) => Number(more) > 0, from);
    assert.equal(typeof time, "string");
    assert.deepEqual(
      { ...line, more: 0, bytesUp: 0, bytesDown: 0 },
      {
        ...{ sandbox: "cntr_test", via: "dns", domain: "evil.example.com", port: 53, decision: "denied" },
        ...{
          outcome: "denied",
          reason: "OC6001: the name is not on the allow list",
          bytesUp: 0,
          bytesDown: 0,
          more: 0,
        },
      },
    );
    assert.ok(site().gateway.lines.length - from < 40, `${site().gateway.lines.length - from} lines`);
    socket.destroy();
  });

  it("counts denials of many names, while each allowed request keeps its own lines", async () => {
    const from = site().gateway.lines.length;
    const socket = await ask403(5000, (index) => `x${index}.evil.example.com`);
    assert.equal((await ask(site(), "TLS, by the proxy", "a.example.com")).status, 200);
    await until(() => sum(from) === 5000);
    await site().gateway.line(({ exchange, event }) => exchange !== undefined && event !== "begin", from);
    const found = site().gateway.lines.slice(from);
    assert.ok(found.length < 150, `${found.length} lines`);
    assert.equal(found.filter(({ exchange }) => exchange !== undefined).length, 2);
    const rest = found.find(({ event }) => event === "not listed");
    assert.equal(rest?.["reason"], "other denials and DNS queries");
    socket.destroy();
  });

  it("shows at its end that the policy is in force, after any number of requests", async () => {
    const since = Date.parse(String(site().gateway.lines[0]?.["time"]));
    const socket = await ways["plain HTTP, without a proxy"](site());
    for (let index = 0; index < 1500; index++) {
      await askOn(socket, "a.example.com", "/", { headers: { Connection: "keep-alive" } });
    }
    socket.destroy();
    const kept = site().gateway.output.trimEnd().split("\n");
    assert.ok(kept.length > policyLogLines, `${kept.length} lines`);
    assert.ok(logShowsPolicy(kept.slice(-policyLogLines).join("\n"), since));
    assert.ok(!logShowsPolicy(kept.slice(-policyLogLines).join("\n"), Date.now() + 1000));
  });
});
