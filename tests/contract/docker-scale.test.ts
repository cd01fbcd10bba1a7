import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { concurrencyLimit } from "../../provider/backends/docker/engine/concurrency-limit";
import { connect, type Engine } from "../../provider/backends/docker/engine/engine";
import { defaultTimeouts } from "../../provider/backends/docker/engine/request-timeouts";
import { dockerSettings } from "../../provider/backends/docker/settings";
import { settingSources } from "../../provider/config";

const version = { ApiVersion: "1.41" };
const info = {
  ...{ ID: "counting", Name: "counting", DockerRootDir: "/data", MemTotal: 2 ** 34 },
  ...{ MemoryLimit: true, SwapLimit: true, PidsLimit: true },
};
const timeoutMs = 2_000;

/** An engine that counts what it is asked to start at a time. */
class CountingEngine {
  private readonly folder = mkdtempSync(join(tmpdir(), "openai-containers-counting-"));
  readonly host = `unix://${this.folder}/engine.sock`;
  most = 0;
  /** How many connections it has had. */
  connections = 0;
  /** How many further starts it does not respond to. */
  ignored = 0;
  private active = 0;
  private readonly server = createServer(async ({ url = "" }, response) => {
    if (url === "/version") return response.end(JSON.stringify(version));
    if (url.endsWith("/info")) return response.end(JSON.stringify(info));
    if (url.endsWith("/wait")) return; // the container runs on
    this.active += 1;
    response.once("close", () => {
      this.active -= 1;
    });
    this.most = Math.max(this.most, this.active);
    this.ignored -= 1;
    if (this.ignored >= 0) return;
    await sleep(10); // in which further requests would arrive
    return response.writeHead(204).end();
  }).on("connection", () => {
    this.connections += 1;
  });

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(join(this.folder, "engine.sock"), resolve));
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
    rmSync(this.folder, { recursive: true });
  }
}

describe("many requests to a Docker engine at the same time", () => {
  let counting: CountingEngine;
  let engine: Engine;
  before(async () => {
    counting = new CountingEngine();
    await counting.listen();
    const timeouts = { ...defaultTimeouts, write: timeoutMs };
    engine = await connect(dockerSettings(settingSources({ DOCKER_HOST: counting.host })), timeouts);
  });
  after(() => counting.stop());

  const starts = (count: number) =>
    Array.from({ length: count }, (_, at) => engine.client.getContainer(`c-${at}`).start());

  it("are sent a limited number at a time", async () => {
    await Promise.all(starts(10 * concurrencyLimit));
    assert.ok(counting.most > 1 && counting.most <= concurrencyLimit, `${counting.most} at a time`);
    assert.ok(counting.connections <= concurrencyLimit + 1, `${counting.connections} connections`);
  });

  it("have their timeout from when they are sent, so that those behind a slow one do not fail with it", async () => {
    counting.ignored = concurrencyLimit;
    const outcomes = await Promise.allSettled(starts(2 * concurrencyLimit));
    const failed = outcomes.filter(({ status }) => status === "rejected");
    assert.deepEqual(failed, outcomes.slice(0, concurrencyLimit));
  });

  it("do not wait behind those that last as long as a container runs", async () => {
    const waits = Array.from({ length: concurrencyLimit }, () => engine.client.getContainer("c").wait());
    for (const wait of waits) wait.catch(() => {}); // the engine is stopped first
    await Promise.all(starts(1));
  });
});
