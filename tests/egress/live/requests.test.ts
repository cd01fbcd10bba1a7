import assert from "node:assert/strict";
import { type Allowlist, allowlistSchema } from "../../../provider/model/network-policy";
import type { Step } from "../../support/live/client-program";
import { type LiveSandbox, useLiveSite } from "../../support/live/site";

/**
 * What a request may say: groups 2, 9 to 12, 22 and 23 of docs/allow-lists.md, each with a few of the spellings that the
 * tests of the gateway by itself have all of. Nothing may arrive.
 */
describe("requests from a sandbox with an allow list", () => {
  const site = useLiveSite();
  let sandbox: LiveSandbox;
  let gateway: string;
  before(async () => {
    sandbox = await site().addSandbox();
    gateway = await sandbox.gatewayAddress();
  });

  const get = (host: string, path = "/", more = "") => `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n${more}\r\n`;
  const proxy = (): Step => ({ connect: [gateway, 3128] });
  const tunnel = (authority: string): Step[] => [
    proxy(),
    { write: `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n` },
    { until: "\r\n\r\n" },
  ];
  /** The ways in which TLS for a name comes to the gateway. */
  const ways: [how: string, steps: (name: string) => Step[]][] = [
    ["by the proxy", (name) => [...tunnel(`${name}:443`), { secure: name }]],
    ["without a proxy", (name) => [{ connect: [name, 443] }, { secure: name }]],
  ];
  /** A response, and the bytes after it until the connection ends. */
  const response: Step[] = [{ until: "HTTP/1.1 4" }, { rest: 2000 }];
  const nothingArrived = async () => {
    assert.equal(await site().upstream.connections(), 0);
    assert.equal(await site().upstream.received(), "");
  };
  /** All that came before it has arrived, too. */
  const arrived = async () => {
    await sandbox.run("curl -sS https://b.example.com/marker");
    return site().upstream.received();
  };

  it("2: reach no metadata service, private network or host.docker.internal, by the proxy or directly", async () => {
    const hosts = ["169.254.169.254", "host.docker.internal", "metadata.google.internal", "10.0.0.1", "192.168.0.1"];
    const said = await Promise.all(
      hosts.flatMap((host) => [
        sandbox.run(`curl -sS --max-time 5 http://${host}/latest/meta-data/ 2>&1`),
        sandbox.run(`curl -sS --max-time 5 https://${host}/ 2>&1`),
        sandbox.run(`curl -sS --max-time 4 --noproxy '*' http://${host}/latest/meta-data/ 2>&1`),
      ]),
    );
    for (const { text } of said)
      assert.match(text, /is not on the allow list|CONNECT .*403|resolve host|connect|timed out/i);
    await nothingArrived();
  });

  for (const [how, steps] of ways) {
    for (const other of ["b.example.com", "evil.example.com"]) {
      it(`9: cannot name ${other} in a tunnel and TLS for another domain: ${how}`, async () => {
        const fronted = await sandbox.say(...steps("a.example.com"), { write: get(other, "/fronted") }, ...response);
        assert.match(fronted.said, /^(HTTP\/1\.1 200 Connection Established\r\n\r\n)?HTTP\/1\.1 421 /);
        await nothingArrived();

        const pipelined = get("a.example.com", "/right") + get(other, "/fronted") + get("a.example.com", "/after");
        const second = await sandbox.say(...steps("a.example.com"), { write: pipelined }, ...response);
        assert.match(second.said, /HTTP\/1\.1 200 OK.*HTTP\/1\.1 421 /s);
        const received = await arrived();
        assert.ok(received.includes(" /right ") && !received.includes(" /fronted ") && !received.includes(" /after "));
      });
    }
  }

  it("9: cannot name another domain by SNI than their tunnel", async () => {
    for (const other of ["b.example.com", "evil.example.com"]) {
      const { said, end } = await sandbox.say(
        ...tunnel("a.example.com:443"),
        { secure: other },
        { write: get(other) },
        { rest: 2000 },
      );
      assert.deepEqual([said.includes("200 OK"), end === "open"], [false, false]);
    }
    await nothingArrived();
  });

  it("10: need an SNI, which is not an address", async () => {
    for (const steps of [tunnel("a.example.com:443"), [{ connect: ["a.example.com", 443] } satisfies Step]]) {
      const { said, end } = await sandbox.say(
        ...steps,
        { secure: "" },
        { write: get("a.example.com") },
        { rest: 2000 },
      );
      assert.deepEqual([said.includes("200 OK"), end === "open"], [false, false]);
    }
    const curl = await sandbox.run(
      `curl -skS --max-time 5 --noproxy '*' https://${gateway}/ -H 'Host: a.example.com' 2>&1`,
    );
    assert.notEqual(curl.code, 0, curl.text); // an address has no SNI at all
    await nothingArrived();
  });

  it("11: reach no domain by another spelling of an allowed one", async () => {
    const spellings = [
      ...[
        "a.example.com.",
        "a.example.com.evil.example.com",
        "xa.example.com",
        "a%2eexample",
        "a.example.com%00.evil.example.com",
        "\u00e0.example.com",
      ],
      ...[
        "user@a.example.com",
        "a.example.com@evil.example.com",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "[::ffff:127.0.0.1]",
        "a.example.com\0",
      ],
    ];
    const all = await Promise.all(
      spellings.flatMap((name) => [
        sandbox.say(proxy(), { write: `CONNECT ${name}:443 HTTP/1.1\r\nHost: ${name}:443\r\n\r\n` }, ...response),
        sandbox.say({ connect: [gateway, 80] }, { write: get(name) }, ...response),
        sandbox.say(proxy(), { write: `GET http://${name}/ HTTP/1.1\r\nHost: ${name}\r\n\r\n` }, ...response),
      ]),
    );
    for (const { said } of all) assert.match(said, /^HTTP\/1\.1 40[03] /);
    await nothingArrived();
  });

  const smuggled: [what: string, request: string][] = [
    [
      "two lengths",
      "POST / HTTP/1.1\r\nHost: a.example.com\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a.example.com\r\n\r\n",
    ],
    ["two Hosts", "GET /smuggled HTTP/1.1\r\nHost: a.example.com\r\nHost: b.example.com\r\n\r\n"],
    ["a folded header", "GET /smuggled HTTP/1.1\r\nHost: a.example.com\r\nX-A: b\r\n c\r\n\r\n"],
    ["another server's absolute address", "GET http://b.example.com/smuggled HTTP/1.1\r\nHost: a.example.com\r\n\r\n"],
    ["TRACE", "TRACE /smuggled HTTP/1.1\r\nHost: a.example.com\r\n\r\n"],
    [
      "h2c",
      "GET /smuggled HTTP/1.1\r\nHost: a.example.com\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n",
    ],
    ["HTTP/2's own beginning", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
  ];
  for (const [what, request] of smuggled) {
    it(`12: cannot smuggle another request: ${what}`, async () => {
      const all = await Promise.all(
        ways.map(([, steps]) => sandbox.say(...steps("a.example.com"), { write: request }, { rest: 1500 })),
      );
      for (const { said } of all)
        assert.doesNotMatch(said.replace("200 Connection Established", ""), /HTTP\/1\.1 [12]/);
      assert.ok(!(await arrived()).includes("/smuggled"));
    });
  }

  it("22: are all denied with an empty list, which no program may declare", async () => {
    const empty: Allowlist = { type: "allowlist", allowedDomains: [] };
    assert.equal(allowlistSchema.safeParse(empty).success, false);
    await site().rearm(sandbox, empty);
    try {
      assert.match(
        (await sandbox.run("curl -sS http://a.example.com/")).text,
        /"a\.example\.com" is not on the allow list \(allowed: nothing\)/,
      );
      for (const [, steps] of ways) {
        const { said } = await sandbox.say(...steps("a.example.com"), { write: get("a.example.com") }, { rest: 1500 });
        assert.doesNotMatch(said, /HTTP\/1\.1 200/);
      }
      await nothingArrived();
    } finally {
      await site().rearm(sandbox);
    }
  });

  it("23: are not allowed more through a relay inside, or without the proxy variables", async () => {
    const relay = `import socket, threading
def pump(a, b):
    while True:
        data = a.recv(65536)
        if not data: break
        b.sendall(data)
    a.close(); b.close()
server = socket.create_server(("127.0.0.1", 8443))
while True:
    a, _ = server.accept(); b = socket.create_connection(("a.example.com", 443))
    for pair in ((a, b), (b, a)): threading.Thread(target=pump, args=pair, daemon=True).start()`;
    await sandbox.run(`cat > relay.py <<'END'\n${relay}\nEND`);
    await sandbox.start("python3", "relay.py");
    const unset = "env -u HTTP_PROXY -u HTTPS_PROXY -u http_proxy -u https_proxy";
    const through = (name: string) =>
      `${unset} curl -skS --max-time 5 --connect-to ${name}:443:127.0.0.1:8443 https://${name}/relayed 2>&1`;
    const works = `${through("a.example.com")} --retry 5 --retry-connrefused`; // it takes a moment to listen
    assert.match((await sandbox.run(works)).text, /"url":"\/relayed"/);
    await site().upstream.clear();
    assert.notEqual((await sandbox.run(through("evil.example.com"))).code, 0);
    const fronted = await sandbox.run(`${through("a.example.com")} -H 'Host: evil.example.com'`);
    assert.match(fronted.text, /the Host header does not match a\.example\.com/);
    assert.notEqual((await sandbox.run(`${unset} curl -sS --max-time 5 https://evil.example.com/ 2>&1`)).code, 0);
    await nothingArrived();
  });
});
