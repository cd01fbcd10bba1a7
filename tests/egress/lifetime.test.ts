import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { canAddAddresses } from "../support/egress/addresses";
import { GatewayProcess } from "../support/egress/gateway-process";
import { dial } from "../support/egress/speak";

/** An address that nothing can be sent to, so that nobody answers there. */
const nowhere = "255.255.255.255";

describe("a gateway", () => {
  let gateway: GatewayProcess;
  beforeEach(() => {
    gateway = new GatewayProcess();
  });
  afterEach(() => gateway.stop());

  const ended = async (reason: string) => {
    await gateway.line((line) => line["event"] === "end" && line["reason"] === reason);
    for (const end = Date.now() + 5000; gateway.isRunning && Date.now() < end; )
      await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(gateway.isRunning, false);
  };

  it("ends when no policy comes, and not when it is wrong", async () => {
    await gateway.start({ limits: { unsetMs: 500 } });
    assert.equal(await gateway.put("{}"), "policy.sandbox must be present");
    await ended("no policy has come");
  });

  it("ends when its sandbox is gone, not when that is there and silent", async () => {
    await gateway.start({ sandbox: nowhere, limits: { lookMs: 20 } });
    await ended("the sandbox is gone");
    await gateway.start({ limits: { lookMs: 20 } });
    await new Promise((resolve) => setTimeout(resolve, 500)); // 25 looks, of which 3 would be enough
    assert.equal(gateway.isRunning, true);
  });

  it("does not start on a Node older than it needs", () => {
    for (const [version, isOld] of [
      ["18.20.8", true],
      ["20.18.3", true],
      ["20.19.0", false],
      ["22.13.0", false],
    ] as const) {
      const versions = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } })`;
      const preload = `data:text/javascript,${encodeURIComponent(versions)}`;
      const { stderr, status } = spawnSync(process.execPath, ["--import", preload, gateway.program], {
        encoding: "utf8",
      });
      assert.equal(status, 1);
      const old = `the gateway needs Node 20.19 or newer, and its image has ${version}\n`;
      assert.equal(stderr, isOld ? old : "usage: node main.js '<start configuration as JSON>'\n");
    }
  });

  it("does not take a client that was reset early for somebody else", async () => {
    await gateway.start();
    gateway.signal("SIGSTOP"); // so that its kernel takes the connection before it does
    const socket = await dial(gateway.ports.http);
    socket.resetAndDestroy();
    await once(socket, "close");
    gateway.signal("SIGCONT");
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.deepEqual(
      gateway.lines.filter(({ event }) => event === "refused"),
      [],
    );
  });

  it("serves its sandbox and nobody else", async function () {
    if (!canAddAddresses) this.skip(); // not that it takes any, but the other suites of the gateway do
    await gateway.start({ sandbox: "127.0.0.2", limits: { countMs: 100 } });
    for (const port of [gateway.ports.proxy, gateway.ports.http, gateway.ports.https, gateway.ports.dns]) {
      const from = gateway.lines.length;
      const socket = await dial(port);
      if (!socket.closed) await once(socket.resume(), "close");
      const { event, reason } = await gateway.line(() => true, from);
      assert.deepEqual([event, reason], ["refused", "a connection from somewhere else than the sandbox"]);
    }
    const question = Buffer.from("abcd01000001000000000000016107657861 6d706c650000010001".replace(" ", ""), "hex");
    const answers = async (address: string) => {
      const socket = createSocket("udp4").bind(0, address);
      await once(socket, "listening");
      socket.send(question, gateway.ports.dns, "127.0.0.1");
      const answer = await Promise.race([once(socket, "message"), new Promise((resolve) => setTimeout(resolve, 500))]);
      socket.close();
      return answer !== undefined;
    };
    assert.deepEqual([await answers("127.0.0.1"), await answers("127.0.0.2")], [false, true]);
  });
});
