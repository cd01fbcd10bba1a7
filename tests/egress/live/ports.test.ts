import assert from "node:assert/strict";
import { listenersName } from "../../../provider/backends/docker/allowlist/gateway/gateway-spec";
import { type LiveSandbox, partsOf, useLiveSite } from "../../support/live/site";

/** Programs in a sandbox that want the ports of its gateway for themselves: group 26 of docs/allow-lists.md. */
describe("the ports of a gateway inside its sandbox", () => {
  const site = useLiveSite();
  let sandbox: LiveSandbox;
  before(async () => {
    sandbox = await site().addSandbox();
  });

  const fetched = async () => (await sandbox.run("curl -sS --max-time 10 https://a.example.com/echo 2>&1")).text;
  /** Runs a Python program with a socket `s` until `end`. */
  async function hold(type: string, options: string[], act: string): Promise<void> {
    const program = `import socket, time
s = socket.socket(socket.${type.includes("6") ? "AF_INET6" : "AF_INET"}, socket.${type.includes("udp") ? "SOCK_DGRAM" : "SOCK_STREAM"})
${options.map((option) => `s.setsockopt(socket.SOL_SOCKET, socket.${option}, 1)`).join("\n")}
${act}
open("/mnt/data/holds", "w").close()
time.sleep(600)`;
    await sandbox.run(`rm -f holds; cat > hold.py <<'END'\n${program}\nEND`);
    await sandbox.start("python3", "/mnt/data/hold.py");
    assert.equal(
      (await sandbox.run("for i in $(seq 100); do [ -e holds ] && exit 0; sleep 0.1; done; exit 1")).code,
      0,
    );
  }
  const end = () =>
    sandbox.run(
      `for p in /proc/[0-9]*; do tr '\\0' ' ' < $p/cmdline | grep -q '^python3 /mnt/data/hold.py' && kill -9 \${p#/proc/}; done`,
    );

  const taken: [what: string, type: string, options: string[], act: string, message: string][] = [
    ["on its address", "tcp", [], 's.bind(("127.77.0.1", 443)); s.listen()', "port 443 of 127.77.0.1"],
    ["on all addresses", "tcp", ["SO_REUSEADDR"], 's.bind(("0.0.0.0", 80)); s.listen()', "port 80 of 127.77.0.1"],
    [
      "on all addresses of both protocols",
      "tcp6",
      ["SO_REUSEPORT"],
      's.bind(("::", 3128)); s.listen()',
      "port 3128 of 127.77.0.1",
    ],
    ["for datagrams", "udp", ["SO_REUSEADDR", "SO_REUSEPORT"], 's.bind(("0.0.0.0", 53))', "UDP port 53 of 127.77.0.1"],
  ];
  for (const [what, type, options, act, message] of taken) {
    it(`26: make a repair fail with a message that names the port, while a program inside listens on one ${what}`, async () => {
      await sandbox.gateway.kill();
      await hold(type, options, act);
      await assert.rejects(site().repair(sandbox), (error: Error) => {
        const reason = `${message} is taken by a program inside`;
        assert.ok(
          error.message.startsWith(`OC2304: The gateway of ${sandbox.id} cannot listen inside its sandbox: `),
          error.message,
        );
        assert.ok(error.message.includes(reason), error.message);
        return true;
      });
      assert.deepEqual((await partsOf(site().client, sandbox.id)).sort(), [`/${sandbox.id}`, `/${sandbox.id}-gateway`]);
      await assert.rejects(site().client.getContainer(listenersName(sandbox.id)).inspect(), /no such container/i);
      assert.equal(await site().nextRun().status(sandbox.id), "disconnected");
      await end();
      assert.equal((await site().repair(sandbox)).status, "running");
      assert.match(await fetched(), /"url"/);
    });
  }

  it("26: accept connections that no program inside can take over by any socket option", async () => {
    const share = `import socket
for family, address in ((socket.AF_INET, "127.77.0.1"), (socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::"), (socket.AF_INET6, "::ffff:127.77.0.1")):
    for port in (53, 80, 443, 3128):
        for options in ((), (socket.SO_REUSEADDR,), (socket.SO_REUSEPORT,), (socket.SO_REUSEADDR, socket.SO_REUSEPORT)):
            s = socket.socket(family)
            try:
                for option in options: s.setsockopt(socket.SOL_SOCKET, option, 1)
                s.bind((address, port)); s.listen()
                print("took", address, port, options)
            except OSError as e:
                if e.errno != 98: print(e, address, port, options)
print("tried")`;
    assert.equal((await sandbox.run(`python3 -c '${share}'`)).text, "tried");
  });

  it("26: receive DNS queries that a program inside can take over, as libuv sets SO_REUSEADDR, but only those of its own sandbox", async () => {
    const isAbout =
      (name: string) =>
      ({ domain }: Record<string, unknown>) =>
        domain === name;
    await hold("udp", ["SO_REUSEADDR"], 's.bind(("127.77.0.1", 53))'); // uv_udp_open sets the same on the gateway's
    await sandbox.ask("taken.example.com");
    for (const more of ["", "--noproxy '*'"])
      assert.match((await sandbox.run(`curl -sS --max-time 10 ${more} https://a.example.com/echo`)).text, /"url"/);
    await end();
    await sandbox.ask("given-back.example.com");
    await sandbox.logged(isAbout("given-back.example.com"));
    assert.equal((await sandbox.log()).some(isAbout("taken.example.com")), false);
  });

  it("26: belong to the gateway where a program inside had bound one before, which cannot listen on it afterwards", async () => {
    await sandbox.gateway.kill();
    const bind = 's.bind(("127.77.0.1", 443))';
    const listen = `import os, threading
def later():
    while not os.path.exists("/mnt/data/now"): time.sleep(0.05)
    try: s.listen(); said = "it listens"
    except OSError as e: said = str(e)
    open("/mnt/data/listens", "w").write(said)
threading.Thread(target=later).start()`;
    await hold("tcp", ["SO_REUSEADDR", "SO_REUSEPORT"], `${bind}\n${listen}`);
    assert.equal((await site().repair(sandbox)).status, "running");
    await sandbox.run("touch now; sleep 1");
    assert.match((await sandbox.run("cat listens")).text, /Address already in use/);
    for (let round = 0; round < 10; round++) assert.match(await fetched(), /"url"/);
    await end();
  });
});
