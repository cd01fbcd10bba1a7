import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startGateway } from "../../provider/backends/docker/allowlist/gateway/gateway-container";
import { connect, type Engine } from "../../provider/backends/docker/engine/engine";
import { requireLimits } from "../../provider/backends/docker/engine/requirements";
import { dockerSettings } from "../../provider/backends/docker/settings";
import { settingSources } from "../../provider/config";
import { engineWith } from "../support/engine-with";

describe("Podman", () => {
  // As 4.3 answers, whatever controllers it was given.
  const info = {
    ...{ ID: "drawn", Name: "host", DockerRootDir: "/data", MemTotal: 1 },
    ...{ MemoryLimit: true, SwapLimit: false, PidsLimit: true },
  };

  async function connected(cgroupVersion: string, cgroupControllers: string[] | null, changes = {}): Promise<Engine> {
    const folder = mkdtempSync(join(tmpdir(), "podman-test-"));
    const answers: Record<string, object> = {
      "/version": { ApiVersion: "1.41", Components: [{ Name: "Podman Engine" }] },
      "/v1.41/info": { ...info, ...changes },
      "/v1.41/libpod/info": { host: { cgroupVersion, cgroupControllers } },
    };
    const server = createServer(({ url = "" }, answer) => answer.end(JSON.stringify(answers[url])));
    try {
      await new Promise<void>((resolve) => server.listen(join(folder, "engine.sock"), resolve));
      return await connect(
        dockerSettings(settingSources({ DOCKER_HOST: `unix://${folder}/engine.sock` }, () => undefined)),
      );
    } finally {
      server.close();
      rmSync(folder, { recursive: true });
    }
  }

  it("is known by its host and its folder, and gives fresh volumes to a container's user", async () => {
    const { location, givesVolumesAway } = await connected("v2", ["memory", "pids"]);
    assert.deepEqual([location, givesVolumesAway], ["podman:host:/data", true]);
  });

  it("limits what it has the controllers for", async () => {
    const limits = { memory: true, swap: true, pids: true };
    assert.deepEqual((await connected("v2", ["cpu", "memory", "pids"])).limits, limits);
    assert.deepEqual((await connected("v1", ["memory", "pids"], { SwapLimit: true })).limits, limits);
    assert.deepEqual((await connected("v1", ["memory", "pids"])).limits, { ...limits, swap: false });
    assert.deepEqual((await connected("v2", ["memory"])).limits, { ...limits, pids: false });
  });

  it("is refused where it was given none, although it says that it limits memory and processes", async () => {
    for (const controllers of [[], null]) {
      const engine = await connected("v1", controllers, { SwapLimit: true });
      assert.throws(() => requireLimits(engine), /cannot limit memory and swap and processes: /);
    }
  });

  it("restarts a paused gateway once that goes on, as it restarts nothing that is paused", async () => {
    const asked: string[] = [];
    let isPaused = true;
    const gateway = {
      restart: async () => {
        asked.push("restart");
        if (isPaused) throw new Error("unable to restart a container in a paused or unknown state");
      },
      unpause: async () => {
        asked.push("unpause");
        isPaused = false;
      },
    };
    const { client } = engineWith({ getContainer: () => gateway });
    await startGateway(client.getContainer("gateway"), "image");
    assert.deepEqual(asked, ["restart", "unpause", "restart"]);
  });
});
