import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ContainerInspectInfo } from "dockerode";
import { startGateway } from "../../provider/backends/docker/allowlist/gateway/gateway-container";
import type { Engine } from "../../provider/backends/docker/engine/engine";
import { removeContainer } from "../../provider/backends/docker/engine/remove-container";
import { requireLimits } from "../../provider/backends/docker/engine/requirements";
import { isUnwatched } from "../../provider/backends/docker/sandbox/activity";
import { statusFrom } from "../../provider/backends/docker/sandbox/container-spec";
import { idleTimeOf } from "../../provider/backends/docker/sandbox/idle-time";
import { engineAt } from "../support/docker";
import { engineWith } from "../support/engine-with";

function recorded(name: string): ContainerInspectInfo {
  return JSON.parse(readFileSync(join(__dirname, `../support/recorded/${name}.json`), "utf8"));
}

describe("Podman", () => {
  // The response of version 4.3, with and without controllers.
  const info = {
    ...{ ID: "random", Name: "host", DockerRootDir: "/data", MemTotal: 1 },
    ...{ MemoryLimit: true, SwapLimit: false, PidsLimit: true },
  };

  async function connected(cgroupVersion: string, cgroupControllers: string[] | null, changes = {}): Promise<Engine> {
    const folder = mkdtempSync(join(tmpdir(), "podman-test-"));
    const answers: Record<string, object> = {
      "/version": { ApiVersion: "1.41", Version: "4.3.1", Components: [{ Name: "Podman Engine" }] },
      "/v1.41/info": { ...info, ...changes },
      "/v1.41/libpod/info": { host: { cgroupVersion, cgroupControllers } },
    };
    const server = createServer(({ url = "" }, answer) => answer.end(JSON.stringify(answers[url])));
    try {
      await new Promise<void>((resolve) => server.listen(join(folder, "engine.sock"), resolve));
      return await engineAt(`unix://${folder}/engine.sock`);
    } finally {
      server.close();
      rmSync(folder, { recursive: true });
    }
  }

  function fail(message: string): never {
    throw Object.assign(new Error(`(HTTP code 500) server error - ${message}`), { statusCode: 500, json: { message } });
  }

  it("is identified by its host and its folder, and gives new volumes to a container's user", async () => {
    const { location, givesVolumesAway, description } = await connected("v2", ["memory", "pids"]);
    assert.deepEqual([location, givesVolumesAway], ["podman:host:/data", true]);
    assert.equal(description.product, "Podman 4.3.1");
  });

  it("has the limits that it has controllers for", async () => {
    const limits = { memory: true, swap: true, pids: true };
    assert.deepEqual((await connected("v2", ["cpu", "memory", "pids"])).limits, limits);
    assert.deepEqual((await connected("v1", ["memory", "pids"], { SwapLimit: true })).limits, limits);
    assert.deepEqual((await connected("v1", ["memory", "pids"])).limits, { ...limits, swap: false });
    assert.deepEqual((await connected("v2", ["memory"])).limits, { ...limits, pids: false });
  });

  it("is refused without controllers, although it reports limits of memory and processes", async () => {
    for (const controllers of [[], null]) {
      const engine = await connected("v1", controllers, { SwapLimit: true });
      assert.throws(() => requireLimits(engine), /cannot limit memory and swap and processes: /);
    }
  });

  it("has an expired sandbox as such before Podman has cleaned it up, too", () => {
    const status = (Status: string, ExitCode: number) => statusFrom({ Status, ExitCode });
    assert.deepEqual([status("stopped", 86), status("exited", 86)], ["expired", "expired"]);
    assert.deepEqual([status("stopped", 143), status("exited", 143)], ["stopped", "stopped"]);
  });

  it("lists processes of a sandbox that have ended, which do not use it", async () => {
    const overdue = recorded("sandbox-with-labels");
    const inspected = { ...overdue, ExecIDs: ["0123"], State: { ...overdue.State, Status: "running" } };
    const sandbox = {
      logs: async () => "",
      kill: async () => fail("container state improper"),
      inspect: async () => inspected,
    };
    const isUnwatchedWhile = (Running: boolean) => {
      const getExec = () => ({ inspect: async () => ({ Running }) });
      return isUnwatched(inspected, engineWith({ getContainer: () => sandbox, getExec }), 60);
    };
    assert.deepEqual([await isUnwatchedWhile(false), await isUnwatchedWhile(true)], [true, false]);
  });

  it("has no idle time of a sandbox that ended before the signal, to which Podman responds 500", async () => {
    for (const message of [
      "can only kill running containers. 0123 is in state exited: container state improper",
      "container state improper: stopped",
    ]) {
      const { client } = engineWith({
        getContainer: () => ({ logs: async () => "", kill: async () => fail(message) }),
      });
      assert.equal(await idleTimeOf(client.getContainer("sandbox"), 1_000), undefined);
    }
  });

  it("removes a container at the second attempt if it ended during the first", async () => {
    let attempts = 0;
    const remove = async () => {
      attempts += 1;
      if (attempts === 1)
        fail("cannot remove container 0123 as it could not be stopped: container state improper: stopped");
    };
    await removeContainer(engineWith({ getContainer: () => ({ remove }) }), "sandbox");
    assert.equal(attempts, 2);
  });

  it("has an idle time in the same second as the one before, as its log has whole seconds", async () => {
    let log = "2026-11-26T05:45:44Z idle 0 of 1\n";
    const kill = async () => {
      log += "2026-11-26T05:45:44Z idle 1 of 2\n";
    };
    const { client } = engineWith({ getContainer: () => ({ logs: async () => log, kill }) });
    assert.equal((await idleTimeOf(client.getContainer("sandbox"), 1))?.seconds, 1);
  });

  it("restarts a paused gateway after an unpause, as Podman restarts no paused container", async () => {
    const calls: string[] = [];
    let isPaused = true;
    const gateway = {
      restart: async () => {
        calls.push("restart");
        if (isPaused) throw new Error("unable to restart a container in a paused or unknown state");
      },
      unpause: async () => {
        calls.push("unpause");
        isPaused = false;
      },
    };
    const { client } = engineWith({ getContainer: () => gateway });
    await startGateway(client.getContainer("gateway"), "image");
    assert.deepEqual(calls, ["restart", "unpause", "restart"]);
  });
});
