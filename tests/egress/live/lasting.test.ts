import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { listenersName, listenersSpec } from "../../../provider/backends/docker/allowlist/gateway/gateway-spec";
import { stopped } from "../../support/docker";
import { gatewayImage } from "../../support/live/images";
import { type LiveSandbox, secret, useLiveSite } from "../../support/live/site";

/** What becomes of a sandbox whose gateway is gone, and how it is repaired: group 20 of docs/allow-lists.md. */
describe("a gateway of a sandbox", () => {
  const site = useLiveSite();
  let sandbox: LiveSandbox;
  beforeEach(async () => {
    sandbox = await site().addSandbox();
    await sandbox.run("echo kept > file");
    await sandbox.start("sleep", "1234");
  });

  /** As the next run of the program sees it. */
  const nextRun = () => site().nextRun();

  async function assertCutOff(): Promise<void> {
    await site().upstream.clear();
    const bare =
      'env -u http_proxy -u https_proxy -u HTTP_PROXY -u HTTPS_PROXY curl -sS --max-time 5 -H "X-Token: $TOKEN"';
    for (const url of ["http://a.example.com/echo", "https://a.example.com/echo"]) {
      const { code, text } = await sandbox.run(`${bare} ${url} 2>&1`);
      assert.notEqual(code, 0, text);
      assert.doesNotMatch((await sandbox.run(`curl -sS --max-time 5 ${url} 2>&1`)).text, /"url"/);
    }
    assert.equal(await site().upstream.connections(), 0);
    const run = nextRun();
    assert.equal(await run.status(sandbox.id), "disconnected");
    assert.equal((await run.observe(sandbox.id))?.status, "disconnected");
  }

  async function assertRepaired(): Promise<void> {
    const run = nextRun();
    const repaired = await site().repair(sandbox);
    assert.equal(repaired.status, "running");
    assert.deepEqual(repaired.networkPolicy, { type: "allowlist", allowedDomains: ["a.example.com", "b.example.com"] });
    assert.equal(await run.status(sandbox.id), "running");
    const { code, text } = await sandbox.run(`curl -sS -H "Authorization: Bearer $TOKEN" https://a.example.com/echo`);
    assert.equal(code, 0, text);
    assert.ok((await site().upstream.received()).includes(`Authorization: Bearer ${secret.value}\r\n`));
    assert.equal((await sandbox.run("cat file")).text, "kept");
    const { client } = site();
    await assert.rejects(client.getContainer(listenersName(sandbox.id)).inspect(), /no such container/i);
  }

  /** What ran in it runs on. */
  async function assertUndisturbed(): Promise<void> {
    assert.match((await sandbox.run("cat /proc/[0-9]*/cmdline | tr '\\0' ' '")).text, /sleep 1234/);
  }

  const ends: [what: string, end: () => Promise<unknown>][] = [
    ["was killed", () => sandbox.gateway.kill()],
    ["was stopped", () => sandbox.gateway.stop({ t: 0 })],
    ["was paused", () => sandbox.gateway.pause()],
    ["was restarted, and so lost its policy", () => sandbox.gateway.restart({ t: 0 })],
    ["was removed", () => sandbox.gateway.remove({ force: true, v: true })],
    ["ran out of memory in its first process", () => outOfMemory("/proc/1")],
    ["ran out of memory where it serves", () => outOfMemory("/proc/1/task/1/children")],
  ];
  for (const [what, end] of ends) {
    it(`20: that ${what} forwards nothing, and is restarted by the next up without a change to the sandbox`, async () => {
      await end();
      await assertCutOff();
      await assertRepaired();
      await assertUndisturbed();
    });
  }

  it("20: whose lifeline code inside tries to remove is repaired, with its sandbox", async () => {
    const tried = await sandbox.run(
      "chmod 0 /run/openai-containers/lifeline; rm -f /run/openai-containers/lifeline; mv /run/openai-containers/lifeline /tmp/x; ls -l /run/openai-containers",
    );
    assert.match(tried.text, /prw-rw-rw- 1 root +root .* lifeline$/m);
    await sandbox.gateway.kill();
    await assertRepaired();
    await site().client.getContainer(sandbox.id).kill();
    await assertRepaired();
  });

  it("20: that was restarted right after it got its policy reads as one without a policy", async () => {
    await site().rearm(sandbox);
    await sandbox.gateway.restart({ t: 0 });
    // An engine filters a log by whole seconds, and takes more than one to restart it on a busy machine.
    const policies = (await sandbox.log()).filter(({ event }) => event === "policy");
    const soonest = new Date(Date.parse(String(policies.at(-1)?.["time"])) + 1).toISOString();
    const client = clientReporting(sandbox.gateway, soonest);
    const run = site().nextRun({ ...site().host, client });
    assert.equal(await run.status(sandbox.id), "disconnected");
    await assertRepaired();
  });

  /** An engine's client that reports another start time of the gateway. */
  function clientReporting(gateway: Docker.Container, StartedAt: string): Docker {
    const reported = Object.create(gateway);
    reported.inspect = async () => {
      const inspected = await gateway.inspect();
      return { ...inspected, State: { ...inspected.State, StartedAt } };
    };
    const { client } = site();
    const changed = Object.create(client);
    changed.getContainer = (id: string) => (id === gateway.id ? reported : client.getContainer(id));
    return changed;
  }

  /**
   * The kernel takes the process that has most of the memory that the container may have, or the one it is pointed at.
   * @param process its folder, or a file with its number
   */
  async function outOfMemory(process: string): Promise<void> {
    await site().inGateway(
      sandbox,
      `const { readFileSync, writeFileSync, statSync } = require("node:fs");
       const folder = statSync("${process}").isDirectory() ? "${process}" : "/proc/" + readFileSync("${process}", "utf8").trim();
       writeFileSync(folder + "/oom_score_adj", "1000");
       const held = []; for (let size = 0; size < 512; size++) held.push(Buffer.alloc(2 ** 20, 1));`,
    );
    await stopped(site().client, sandbox.gateway.id);
    // Podman with runc does not report it.
    if (!site().isPodman) assert.equal((await sandbox.gateway.inspect()).State.OOMKilled, true);
  }

  const container = () => site().client.getContainer(sandbox.id);
  const isOver = ({ event, reason }: Record<string, unknown>) => event === "end" && reason === "the sandbox has ended";
  /** At once, as it sees its sandbox end. */
  async function gatewayEnded(): Promise<void> {
    const began = Date.now();
    await stopped(site().client, sandbox.gateway.id);
    assert.ok(Date.now() - began < 5_000);
    await sandbox.logged(isOver);
  }

  it("20: ends with its sandbox, which reads as stopped and is started again with its files by the next up", async () => {
    await container().kill();
    await gatewayEnded();
    assert.equal(await nextRun().status(sandbox.id), "stopped");
    await assertRepaired();
  });

  it("20: ends with a sandbox that is restarted, and so has another network namespace", async () => {
    await container().restart({ t: 0 });
    await gatewayEnded();
    await assertCutOff();
    await assertRepaired();
  });

  it("20: is recreated where it was removed and its sandbox stopped", async () => {
    await container().kill();
    await sandbox.gateway.remove({ force: true, v: true });
    assert.equal(await nextRun().status(sandbox.id), "stopped");
    await assertRepaired();
  });

  it("20: stays while its sandbox is only paused", async () => {
    await container().pause();
    await sleep(3_000);
    assert.equal((await sandbox.gateway.inspect()).State.Status, "running");
    await container().unpause();
    assert.equal(await nextRun().status(sandbox.id), "running");
    assert.match((await sandbox.run("curl -sS https://a.example.com/echo")).text, /"url"/);
  });

  it("20: is repaired where an interrupted run orphaned its listeners, which are removed with the sandbox, too", async () => {
    await sandbox.gateway.kill();
    const leave = () => site().client.createContainer(listenersSpec(sandbox.id, gatewayImage));
    await leave();
    await assertCutOff();
    await assertRepaired();
    await leave(); // which the end of the suite has to remove
  });

  it("20: keeps serving after a repair of a healthy sandbox, which does not change", async () => {
    const before = await container().inspect();
    await assertRepaired();
    await assertUndisturbed();
    const after = await container().inspect();
    assert.deepEqual([after.State, after.Config], [before.State, before.Config]);
  });
});
