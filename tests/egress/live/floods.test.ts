import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { hasPolicy } from "../../../provider/backends/docker/allowlist/gateway/gateway-container";
import { archiveOf } from "../../../provider/backends/docker/engine/archive";
import { memoryOf } from "../../support/egress/gateway-process";
import { type LiveSandbox, useLiveSite } from "../../support/live/site";

/** Far more than a sandbox needs: groups 27 and 29 of docs/allow-lists.md. */
describe("floods of a sandbox with an allow list", () => {
  const site = useLiveSite();
  let sandbox: LiveSandbox;
  let startedAt: string;
  beforeEach(async () => {
    sandbox = await site().addSandbox();
    const programs = ["pipeline.py", "ask-names.py"].map((name): [string, string] => [
      name,
      readFileSync(join(__dirname, "../../support/live", name), "utf8"),
    ]);
    await site()
      .client.getContainer(sandbox.id)
      .putArchive(await archiveOf(programs), { path: "/mnt/data" });
    startedAt = (await sandbox.gateway.inspect()).State.StartedAt;
  });
  afterEach(() => site().backend.delete(sandbox.id));

  const serves = async () =>
    /"url"/.test((await sandbox.run("curl -sS --max-time 5 https://b.example.com/echo 2>&1")).text);

  const pipelined: [what: string, kind: string, port: number][] = [
    ["of one long field", "long", 80],
    ["of as many fields as one may have", "many", 80],
    ["that a secret makes three times as long", "secrets", 443],
  ];
  for (const [what, kind, port] of pipelined) {
    it(`27: of pipelined heads ${what}, on 250 connections behind missing responses, do not end its gateway`, async () => {
      const { code, text } = await sandbox.run(`python3 pipeline.py 250 ${port} ${kind} 2>&1`);
      assert.deepEqual([code, text], [0, "250"]);
      for (const end = Date.now() + 60_000; !(await serves()); ) assert.ok(Date.now() < end, "it does not serve");
      const { State } = await sandbox.gateway.inspect();
      assert.equal(State.StartedAt, startedAt);
      assert.ok(memoryOf(State.Pid) < 240, `${memoryOf(State.Pid)} MB`);
      // What arrived at the upstream had its line before.
      const arrived = (await site().upstream.received()).match(/GET \/held /g)?.length ?? 0;
      const begun = (await sandbox.log()).filter(({ event, method }) => event === "begin" && method === "GET");
      // One more is that of `serves`.
      assert.ok(begun.length > Math.max(arrived, 1), `${begun.length} lines of ${arrived} requests`);
    });
  }

  it("29: of 100,000 DNS queries and many denials leave earlier requests in the log, and the sandbox's status unchanged", async () => {
    await sandbox.run("curl -sS -X PUT http://a.example.com/before");
    const { text } = await sandbox.run("python3 ask-names.py 100000");
    assert.ok(Number(text) > 90_000, text);
    const deny = `import http.client
for number in range(2000):
    c = http.client.HTTPConnection("127.77.0.1", 3128); c.request("GET", "http://d%d.example.com/" % number); assert c.getresponse().status == 403; c.close()`;
    assert.deepEqual(await sandbox.run(`python3 -c '${deny}'`), { code: 0, text: "" });

    const log = await sandbox.log();
    const put = log.filter(({ method }) => method === "PUT");
    assert.deepEqual(
      put.map(({ event, decision }) => event ?? decision),
      ["begin", "allowed"],
    );
    assert.ok(log.length < 1000, `${log.length} lines`);
    assert.equal(await hasPolicy(sandbox.gateway, startedAt), true);
    assert.equal(await site().nextRun().status(sandbox.id), "running");
    assert.equal(await serves(), true);
  });

  it("29: of allowed requests, whose lines hide that of the policy, leave the sandbox's status unchanged, in the first minute too", async () => {
    const allow = `import http.client
c = http.client.HTTPConnection("a.example.com", 80)
for number in range(2000): c.request("GET", "/to?url=/"); c.getresponse().read()`;
    assert.deepEqual(await sandbox.run(`python3 -c '${allow}'`), { code: 0, text: "" });
    await sandbox.logged(({ event }) => event === "policy in force");
    const log = await sandbox.log();
    assert.ok(log.length > 4000, `${log.length} lines`);
    assert.equal(await hasPolicy(sandbox.gateway, startedAt), true);
    assert.equal(await site().nextRun().status(sandbox.id), "running");
  });
});
