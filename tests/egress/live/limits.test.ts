import assert from "node:assert/strict";
import { memoryOf } from "../../support/egress/gateway-process";
import { type LiveSandbox, secret, useLiveSite } from "../../support/live/site";

const gigabyte = 2 ** 30;
const most = 100; // MB of a gateway's memory at any time

/** How much a sandbox may ask of its gateway: group 21 of docs/allow-lists.md. */
describe("limits of a gateway for its sandbox", () => {
  const site = useLiveSite();
  let sandbox: LiveSandbox;
  before(async () => {
    sandbox = await site().addSandbox();
  });
  afterEach(async () => {
    // It still serves, whatever was done to it.
    assert.match((await sandbox.run("curl -sS --max-time 10 https://a.example.com/echo")).text, /"url"/);
    const peak = memoryOf((await sandbox.gateway.inspect()).State.Pid);
    assert.ok(peak > 20 && peak <= most, `${peak} MB`);
  });

  it("21: a download of 1 GB takes constant memory", async () => {
    const get = `curl -sS -o /dev/null -w '%{size_download}' "https://a.example.com/big?bytes=${gigabyte}"`;
    assert.equal((await sandbox.run(get)).text, String(gigabyte));
  });

  it("21: a download of 1 GB that is searched for a secret takes constant memory", async () => {
    const size = gigabyte / 4; // the search takes its time
    const get = `curl -sS -o /dev/null -w '%{size_download}' -H "X-Token: $TOKEN" "https://a.example.com/big?bytes=${size}"`;
    assert.equal((await sandbox.run(get)).text, String(size));
    assert.ok((await site().upstream.received()).includes(secret.value));
  });

  it("21: an upload of 1 GB takes constant memory", async () => {
    const put = `head -c ${gigabyte} /dev/zero | curl -sS -T - -X POST https://a.example.com/count`;
    assert.equal((await sandbox.run(put)).text, String(gigabyte));
    await sandbox.logged(({ method, bytesUp }) => method === "POST" && bytesUp === gigabyte);
  });

  it("21: tunnels and connections are limited, so that they cannot exhaust the gateway", async () => {
    const gateway = await sandbox.gatewayAddress();
    const flood = `import socket, collections
said = collections.Counter(); held = []
for i in range(400):
    s = socket.create_connection(("${gateway}", 3128)); s.settimeout(5); held.append(s)
    try:
        s.sendall(b"CONNECT a.example.com:443 HTTP/1.1\\r\\nHost: a.example.com:443\\r\\n\\r\\n")
        said[s.recv(12).decode() or "closed"] += 1
    except OSError as e: said["closed"] += 1
print(dict(said))`;
    const { text } = await sandbox.run(`cat > flood.py <<'END'\n${flood}\nEND\npython3 flood.py`);
    const said: Record<string, number> = JSON.parse(text.replaceAll("'", '"'));
    assert.deepEqual(
      [said["HTTP/1.1 200"], said["HTTP/1.1 503"], said["closed"]].map((count = 0) => count > 0),
      [true, true, true],
      text,
    );
    assert.ok((said["HTTP/1.1 200"] ?? 0) <= 224);
  });

  it("21: a client that sends its head slowly is disconnected, and one that leaves half-way harms no other", async () => {
    const slow = await sandbox.run(
      `timeout 2 curl -sS -o /dev/null "https://a.example.com/big?bytes=${gigabyte}" --limit-rate 1M; timeout 2 sh -c 'cat /dev/zero | curl -sS -T - -X POST --limit-rate 1M https://a.example.com/count'; echo $?`,
    );
    assert.match(slow.text, /124$/);
    const { said, end } = await sandbox.say(
      { connect: ["a.example.com", 80] },
      { write: "GET / HTTP/1.1\r\nX-Slow: " },
      { rest: 35_000 },
    );
    assert.deepEqual([said, end], ["", "closed"]);
  });
});
