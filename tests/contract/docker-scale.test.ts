import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { PartialCreateError, UnreachableError } from "../../provider/backends/backend";
import { DockerBackend } from "../../provider/backends/docker/docker-backend";
import { concurrencyLimit } from "../../provider/backends/docker/engine/concurrency-limit";
import { connect, type Engine } from "../../provider/backends/docker/engine/engine";
import { defaultTimeouts } from "../../provider/backends/docker/engine/request-timeouts";
import { dockerSettings } from "../../provider/backends/docker/settings";
import { sandboxesAtATime } from "../../provider/backends/docker/turns";
import { settingSources } from "../../provider/config";
import { named } from "../support/create-context";
import { assertNothingLeft, containersNamed, engine as realEngine, sandboxArgs } from "../support/docker";
import { silent } from "../support/silent";

const version = { ApiVersion: "1.41" };
const info = {
  ...{ ID: "counting", Name: "counting", DockerRootDir: "/data", MemTotal: 2 ** 34 },
  ...{ MemoryLimit: true, SwapLimit: true, PidsLimit: true },
};
const timeoutMs = 2_000;

/** An engine that counts what it is asked to change at a time. */
class CountingEngine {
  private readonly folder = mkdtempSync(join(tmpdir(), "openai-containers-counting-"));
  readonly host = `unix://${this.folder}/engine.sock`;
  most = 0;
  /** How many connections it has had. */
  connections = 0;
  /** How many requests for changes it has had. */
  requests = 0;
  /** How many further ones it does not respond to. */
  ignored = 0;
  private active = 0;
  private readonly server = createServer(async ({ url = "", method }, response) => {
    if (url === "/version") return response.end(JSON.stringify(version));
    if (url.endsWith("/info")) return response.end(JSON.stringify(info));
    if (url.endsWith("/wait")) return; // the container runs on
    if (url.includes("/images/")) return response.end(JSON.stringify({ Id: "sha256:1" }));
    if (method === "GET") return response.writeHead(404).end(JSON.stringify({ message: "No such container" }));
    this.requests += 1;
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

describe("many sandboxes that are created at the same time", function () {
  this.timeout(60_000);

  it("are begun a limited number at a time, and announced when they are begun", async () => {
    const host = await realEngine();
    const backend = new DockerBackend(host);
    const prefix = `many-${randomBytes(4).toString("hex")}`;
    const underWay = new Set<string>();
    let most = 0;
    const create = async () => {
      const announce = (id: string) => {
        underWay.add(id);
        most = Math.max(most, underWay.size);
      };
      const { id } = await backend.create(sandboxArgs(prefix), silent, { ...named, announce });
      underWay.delete(id);
      return id;
    };
    const outcomes = await Promise.allSettled(Array.from({ length: 2 * sandboxesAtATime }, create));
    await Promise.all((await containersNamed(host.client, prefix)).map((id) => backend.delete(id)));
    assert.deepEqual(
      outcomes.filter(({ status }) => status === "rejected"),
      [],
    );
    assert.ok(most > 1 && most <= sandboxesAtATime + 1, `${most} at a time`); // the next one begins just before one settles
    await assertNothingLeft(host.client, prefix);
  });

  it("fail with the first ones where the engine comes to a standstill, and those that waited were never begun", async () => {
    const counting = new CountingEngine();
    await counting.listen();
    try {
      const timeouts = { ...defaultTimeouts, write: 500, remove: 500 };
      const stuck = await connect(dockerSettings(settingSources({ DOCKER_HOST: counting.host })), timeouts);
      const backend = new DockerBackend(stuck);
      counting.ignored = Number.POSITIVE_INFINITY;
      const announced: string[] = [];
      const create = (_: unknown, at: number) =>
        backend.create(sandboxArgs(`stuck-${at}`), silent, { ...named, announce: (id) => announced.push(id) });
      const creates = await Promise.allSettled(Array.from({ length: 5 * sandboxesAtATime }, create));
      const failures = creates.map((outcome) => (outcome.status === "rejected" ? outcome.reason : "created"));
      const unreachable = failures.filter((failure) => failure instanceof UnreachableError);
      // Those that were begun may be on the engine, where nothing can be removed.
      const partial = failures.filter((failure) => failure instanceof PartialCreateError);
      assert.deepEqual([unreachable.length + partial.length, partial.length], [failures.length, announced.length]);
      assert.ok(announced.length <= sandboxesAtATime, `${announced.length} were begun`);

      const before = counting.requests;
      const deletes = await Promise.allSettled(announced.concat(announced, announced).map((id) => backend.delete(id)));
      assert.ok(deletes.every(({ status }) => status === "rejected"));
      assert.ok(counting.requests - before <= sandboxesAtATime, `${counting.requests - before} deletes were begun`);
    } finally {
      counting.stop();
    }
  });
});
