import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { archiveOf } from "../../../provider/backends/docker/engine/archive";
import { lifeline, lifelineFolder } from "../../../provider/backends/docker/sandbox/lifeline";
import { stopped } from "../../support/docker";
import { memoryOf } from "../../support/egress/gateway-process";
import { type LiveSandbox, useLiveSite } from "../../support/live/site";

/** What lies between a sandbox and its gateway besides the ports of that: group 26 of docs/allow-lists.md. */
describe("the channel by which a gateway gets its sockets inside a sandbox", () => {
  const site = useLiveSite();
  let sandbox: LiveSandbox;
  before(async () => {
    sandbox = await site().addSandbox();
    const probe = readFileSync(join(__dirname, "../../support/live/isolation-probe.py"), "utf8");
    await site()
      .client.getContainer(sandbox.id)
      .putArchive(await archiveOf([["isolation-probe.py", probe]]), { path: "/mnt/data" });
  });

  const fetched = async () => (await sandbox.run("curl -sS --max-time 10 https://a.example.com/echo 2>&1")).text;

  interface Found extends Record<"unix" | "files" | "processes" | "listening" | "used", string[]> {
    rounds: number;
  }
  /** What a hostile program inside found in the meantime. */
  async function found(meanwhile: () => Promise<unknown>): Promise<Found> {
    await sandbox.run("rm -f stop found");
    await sandbox.start("python3", "/mnt/data/isolation-probe.py", "/mnt/data/found", "/mnt/data/stop");
    await meanwhile();
    const wait = "touch stop; for i in $(seq 100); do [ -e found ] && break; sleep 0.1; done; cat found";
    return JSON.parse((await sandbox.run(wait)).text);
  }

  it("26: shows the isolation probe inside nothing but the ports of the gateway during five repairs, which succeed", async () => {
    const all = await found(async () => {
      for (let round = 0; round < 5; round++) {
        await sandbox.gateway.kill();
        await site().repair(sandbox);
      }
    });
    assert.ok(all.rounds > 100, JSON.stringify(all));
    assert.deepEqual(all.listening.sort(), [
      ...[3128, 443, 53, 80].map((port) => `tcp 127.77.0.1:${port}`),
      "udp 127.77.0.1:53",
    ]);
    // Of the channel a name is seen, as the kernel counts a connection to the namespace of who made it; it leads nowhere.
    assert.deepEqual(
      all.unix.filter((name) => name !== "/gateway/channel/socket"),
      [],
    );
    assert.deepEqual(
      { ...all, rounds: 0, listening: [], unix: [] },
      {
        ...{ rounds: 0, unix: [], files: [], processes: [], listening: [], used: [] },
      },
    );
    assert.match(await fetched(), /"url"/);
  });

  it("26: is searched for by an isolation probe that finds existing unix sockets and ports", async () => {
    const listen = `import socket, threading
a = socket.socket(socket.AF_UNIX); a.bind("\\0gateway"); a.listen()
b = socket.create_server(("127.0.0.9", 8009)); threading.Event().wait()`;
    await sandbox.start("python3", "-c", listen);
    const all = await found(() => sleep(1_000));
    assert.deepEqual([all.unix, all.used], [["@gateway"], ["\0gateway"]]);
    assert.ok(all.listening.includes("tcp 127.0.0.9:8009"));
    await sandbox.run("kill $(grep -l '0gateway' /proc/[0-9]*/cmdline | cut -d/ -f3 | grep -v self) 2>/dev/null");
  });

  it("26: is removed after use: no unix socket inside, no file of the channel, no volume of the gateway", async () => {
    assert.equal((await sandbox.run("tail -n +2 /proc/net/unix")).text, "");
    const { text } = await sandbox.run("cat /proc/self/mountinfo; ls -d /gateway 2>&1");
    assert.doesNotMatch(text, / \/gateway/);
    assert.match(text, /cannot access '\/gateway'/);
    assert.match(text, / \/run\/openai-containers /);
    const list = `console.log(require("node:fs").readdirSync("/gateway/channel").length)`;
    assert.equal((await site().inGateway(sandbox, list)).trim(), "0");
  });

  it("26: has a lifeline that code inside cannot remove or replace", async () => {
    const tries = ["rm -f lifeline", "mv lifeline other", "mkfifo other", "ln lifeline other", "chmod 700 ."];
    for (const attempt of tries) {
      const { code, text } = await sandbox.run(`cd ${lifelineFolder} && ${attempt} 2>&1`);
      assert.notEqual(code, 0, text);
      assert.match(text, /denied|not permitted|Read-only file system/);
    }
    assert.equal((await sandbox.run(`ls -A ${lifelineFolder}`)).text, "lifeline");
    assert.match(await fetched(), /"url"/);
  });

  it("26: has a lifeline that code inside may flood, read and hold: the gateway keeps serving, and ends with the sandbox", async () => {
    // A pipe as large as it may be, filled and held open for both.
    const flood = `import fcntl, os, time
fd = os.open("${lifeline}", os.O_RDWR | os.O_NONBLOCK)
fcntl.fcntl(fd, 1031, 2 ** 20)
for end in [time.monotonic() + 3]:
    while time.monotonic() < end:
        for act in (lambda: os.write(fd, b"x" * 2 ** 16), lambda: os.read(fd, 100)):
            try: act()
            except BlockingIOError: pass
print("held", flush=True); time.sleep(600)`;
    await sandbox.start("sh", "-c", `timeout 1 cat ${lifeline} > /dev/null; exec python3 -c '${flood}'`);
    await sleep(5_000);
    assert.match(await fetched(), /"url"/);
    const { State } = await sandbox.gateway.inspect();
    assert.ok(memoryOf(State.Pid) < 100);
    await site().client.getContainer(sandbox.id).kill();
    const killed = Date.now();
    await stopped(site().client, sandbox.gateway.id);
    assert.ok(Date.now() - killed < 5_000, `${Date.now() - killed} ms`);
    await sandbox.logged(({ event, reason }) => event === "end" && reason === "the sandbox has ended");
  });
});
