import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startGateway } from "../../provider/backends/docker/allowlist/gateway/gateway-container";
import type { Engine } from "../../provider/backends/docker/engine/engine";
import { requireLimits } from "../../provider/backends/docker/engine/requirements";
import { engineAt } from "../support/docker";
import { engineWith } from "../support/engine-with";

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
