import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { gatewaySpec } from "../../../provider/backends/docker/allowlist/gateway-spec";
import { program, programFolder } from "../../../provider/backends/docker/allowlist/program";
import { subnetIn } from "../../../provider/backends/docker/allowlist/sandbox-side";
import { DockerBackend } from "../../../provider/backends/docker/docker-backend";
import { stopped } from "../../support/docker";
import { gatewayImage } from "../../support/live/images";
import { type LiveSandbox, secret, useLiveSite } from "../../support/live/site";
import { silent } from "../../support/silent";

/** What becomes of a sandbox whose gateway is gone, and how it is mended: group 20 of docs/allow-lists.md. */
describe("a gateway of a sandbox", function () {
  this.timeout(120_000);
  const site = useLiveSite();
  let sandbox: LiveSandbox;
  beforeEach(async () => {
    sandbox = await site().addSandbox();
    await sandbox.run("echo kept > file");
    await sandbox.start("sleep", "1234");
  });

  /** As the next run of the program sees it. */
  const nextRun = () => new DockerBackend(site().host, { gatewayImage });
  const known = () => ({ createdAt: 1, networkPolicy: sandbox.args.networkPolicy, docker: sandbox.args.docker });

  async function assertCutOff(): Promise<void> {
    await site().upstream.clear();
    const bare =
      'env -u http_proxy -u https_proxy -u HTTP_PROXY -u HTTPS_PROXY curl -sS --max-time 5 -H "X-Token: $TOKEN"';
    for (const url of ["http://a.example/echo", "https://a.example/echo"]) {
      const { code, text } = await sandbox.run(`${bare} ${url} 2>&1`);
      assert.notEqual(code, 0, text);
      assert.doesNotMatch((await sandbox.run(`curl -sS --max-time 5 ${url} 2>&1`)).text, /"url"/);
    }
    assert.equal(await site().upstream.connections(), 0);
    const run = nextRun();
    assert.equal(await run.status(sandbox.id), "disconnected");
    assert.equal((await run.observe(sandbox.id))?.status, "disconnected");
  }

  async function assertMended(): Promise<void> {
    const run = nextRun();
    const mended = await run.repair(sandbox.id, known(), silent);
    assert.equal(mended.status, "running");
    assert.deepEqual(mended.networkPolicy, { type: "allowlist", allowedDomains: ["a.example", "b.example"] });
    assert.equal(await run.status(sandbox.id), "running");
    await site()
      .connectGateway(sandbox, site().network)
      .catch(() => undefined); // as it may be there still
    const { code, text } = await sandbox.run(`curl -sS -H "Authorization: Bearer $TOKEN" https://a.example/echo`);
    assert.equal(code, 0, text);
    assert.ok((await site().upstream.received()).includes(`Authorization: Bearer ${secret.value}\r\n`));
    assert.equal((await sandbox.run("cat file")).text, "kept");
  }

  /** What ran in it runs on. */
  async function assertUndisturbed(): Promise<void> {
    assert.match((await sandbox.run("cat /proc/[0-9]*/cmdline | tr '\\0' ' '")).text, /sleep 1234/);
  }

  const ends: [what: string, end: () => Promise<unknown>][] = [
    ["was killed", () => sandbox.gateway.kill()],
    ["was stopped", () => sandbox.gateway.stop({ t: 0 })],
    ["was restarted, and so lost its policy", () => sandbox.gateway.restart({ t: 0 })],
    ["was removed", () => sandbox.gateway.remove({ force: true, v: true })],
    ["ran out of memory", () => outOfMemory()],
  ];
  for (const [what, end] of ends) {
    it(`20: that ${what} lets nothing pass, and is given back by the next up, without a change to the sandbox`, async () => {
      await end();
      await assertCutOff();
      await assertMended();
      await assertUndisturbed();
    });
  }

  it("20: that was restarted as soon as it had its policy is not taken for one that has it", async () => {
    await site().rearm(sandbox);
    await sandbox.gateway.restart({ t: 0 });
    // An engine filters a log by whole seconds, and takes more than one to restart it on a busy machine.
    const policies = (await sandbox.log()).filter(({ event }) => event === "policy");
    const soonest = new Date(Date.parse(String(policies.at(-1)?.["time"])) + 1).toISOString();
    const client = clientReporting(sandbox.gateway, soonest);
    const run = new DockerBackend({ ...site().host, client }, { gatewayImage });
    assert.equal(await run.status(sandbox.id), "disconnected");
    await assertMended();
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

  /** The kernel takes the process that has most of the memory that the container may have, or the one it is pointed at. */
  async function outOfMemory(): Promise<void> {
    await site().inGateway(
      sandbox,
      `require("node:fs").writeFileSync("/proc/1/oom_score_adj", "1000");
       const held = []; for (let size = 0; size < 512; size++) held.push(Buffer.alloc(2 ** 20, 1));`,
    );
    await stopped(site().client, sandbox.gateway.id);
    assert.equal((await sandbox.gateway.inspect()).State.OOMKilled, true);
  }

  it("is given back with all the rest where the sandbox was stopped, and its network removed", async () => {
    const container = site().client.getContainer(sandbox.id);
    await container.kill();
    await sandbox.gateway.remove({ force: true, v: true });
    await site().client.getNetwork(sandbox.id).remove();
    assert.equal(await nextRun().status(sandbox.id), "stopped");
    await assertMended();
  });

  it("is left as it is by a repair of a sandbox that has it", async () => {
    const { State } = await sandbox.gateway.inspect();
    await assertMended();
    assert.equal((await sandbox.gateway.inspect()).State.StartedAt, State.StartedAt);
    await assertUndisturbed();
  });

  it("ends with its sandbox, and not while that is only paused", async () => {
    const { client } = site();
    const container = client.getContainer(sandbox.id);
    const subnet = subnetIn(await container.inspect());
    await sandbox.gateway.remove({ force: true, v: true });
    const spec = gatewaySpec(sandbox.id, gatewayImage, subnet);
    const [json = "{}", ...command] = [...(spec.Entrypoint ?? [])].reverse();
    const impatient = JSON.stringify({ ...JSON.parse(json), limits: { lookMs: 200 } });
    const gateway = await client.createContainer({ ...spec, Entrypoint: [...command.reverse(), impatient] });
    const EndpointConfig = { IPAMConfig: { IPv4Address: subnet.gateway } };
    await client.getNetwork(sandbox.id).connect({ Container: gateway.id, EndpointConfig });
    await gateway.putArchive(await program(), { path: programFolder });
    await gateway.start();
    await site().rearm(sandbox);

    await container.pause();
    await sleep(3_000); // fifteen looks, where three misses in a row would end it
    assert.equal((await gateway.inspect()).State.Status, "running");
    await container.unpause();
    await container.kill();
    await stopped(client, gateway.id);
    await sandbox.logged(({ event, reason }) => event === "end" && reason === "the sandbox is gone");
  });
});
