import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { GatewayProcess } from "../support/egress/gateway-process";
import { dial } from "../support/egress/speak";

describe("a gateway", () => {
  let gateway: GatewayProcess;
  beforeEach(() => {
    gateway = new GatewayProcess();
  });
  afterEach(() => gateway.stop());

  const ended = async (reason: string) => {
    await gateway.line((line) => line["event"] === "end" && line["reason"] === reason);
    for (const end = Date.now() + 60_000; gateway.isRunning && Date.now() < end; )
      await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(gateway.isRunning, false);
  };

  it("ends without a policy, and not with an invalid one", async () => {
    await gateway.start({ limits: { setupMs: 2_000 } });
    assert.equal(await gateway.put("{}"), "policy.sandbox must be present");
    await ended("no policy was received");
  });

  it("ends with its sandbox, and not while that is silent or writes into the lifeline", async () => {
    await gateway.start();
    gateway.writeLifeline("x".repeat(60_000));
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal(gateway.isRunning, true);
    gateway.endSandbox();
    await ended("the sandbox has ended");
  });

  it("ends if its sandbox ended before it listened", async () => {
    await gateway.start({ sandbox: "gone" });
    await ended("the sandbox has ended");
  });

  it("ends if its listeners process exits too early", async () => {
    await assert.rejects(gateway.start({ address: "192.0.2.1" }), /exit|ended/);
    assert.equal(gateway.isRunning, false);
  });

  it("does not start on a Node that is too old", () => {
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
      assert.equal(stderr, isOld ? old : "usage: node launch.js gateway|listeners '<start configuration as JSON>'\n");
    }
  });

  it("does not reject a client whose connection was reset early", async () => {
    await gateway.start();
    gateway.signal("SIGSTOP"); // so that its kernel takes the connection before it does
    const socket = await dial(gateway.ports.http);
    socket.resetAndDestroy();
    await once(socket, "close");
    gateway.signal("SIGCONT");
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.deepEqual(
      gateway.lines.filter(({ event }) => event === "connection rejected"),
      [],
    );
  });
});
