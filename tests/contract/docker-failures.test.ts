import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type BackendError, PartialCreateError } from "../../provider/backends/backend";
import { DockerBackend } from "../../provider/backends/docker/docker-backend";
import type { Engine } from "../../provider/backends/docker/engine/engine";
import { containerSpec } from "../../provider/backends/docker/sandbox/container-spec";
import { named } from "../support/create-context";
import { assertNothingLeft, containersNamed, engine, engineAt, image, sandboxArgs } from "../support/docker";
import { engineOfVersion, FaultyEngine } from "../support/faulty-engine";
import { imageOf } from "../support/images";
import { assertMatchesEntry } from "../support/matches-entry";
import { startRegistry } from "../support/registry";
import { SecondEngine } from "../support/second-engine";
import { silent } from "../support/silent";

async function failure(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => assert.fail("did not fail"),
    (thrown: BackendError) => thrown,
  );
  return error.message;
}

describe("a Docker engine that cannot be used", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "openai-containers-test-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("is reported if its socket does not exist", async () => {
    const host = `unix://${folder}/none.sock`;
    const message = await failure(engineAt(host));
    assertMatchesEntry(message, "OC2202");
    assert.ok(message.includes(`at ${host} (from DOCKER_HOST): `), message);
  });

  it("is reported if nothing listens on its socket", async () => {
    const socket = join(folder, "stale.sock");
    // A process that is killed while it listens leaves its socket, as an engine that crashed does.
    const script = `require("net").createServer().listen(${JSON.stringify(socket)}, () => process.kill(process.pid, "SIGKILL"))`;
    spawnSync(process.execPath, ["-e", script]);
    assertMatchesEntry(await failure(engineAt(`unix://${socket}`)), "OC2203");
  });

  it("is reported if its address is a folder or a file, and not a socket", async () => {
    const file = join(folder, "a-file");
    writeFileSync(file, "");
    for (const path of [folder, file]) {
      const message = await failure(engineAt(`unix://${path}`));
      assertMatchesEntry(message, "OC2222");
      assert.ok(message.includes(`unix://${path} (from DOCKER_HOST)`), message);
    }
  });

  it("is reported if another service responds, without a parser's message", async () => {
    const socket = join(folder, "other.sock");
    const server = createHttpServer((_request, response) => response.end("hello"));
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    try {
      const message = await failure(engineAt(`unix://${socket}`));
      assertMatchesEntry(message, "OC2208");
      assert.match(message, /: it reports no API version, so it is not a Docker engine\. /);
    } finally {
      server.close();
    }
  });

  it("is reported if this user may not open its socket", async function () {
    if (process.getuid?.() !== 0) this.skip(); // only root can become another user
    const server = createServer();
    const socket = "/tmp/openai-containers-test-denied.sock";
    rmSync(socket, { force: true });
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    const dist = join(__dirname, "../../dist/provider");
    const script = `
      const { connect } = require(${JSON.stringify(`${dist}/backends/docker/engine/engine.js`)});
      const { dockerSettings } = require(${JSON.stringify(`${dist}/backends/docker/settings.js`)});
      const { settingSources } = require(${JSON.stringify(`${dist}/config.js`)});
      process.setgroups([]);
      process.setgid(65_534);
      process.setuid(65_534); // not before: another user may be unable to run this Node, or to read the checkout
      connect(dockerSettings(settingSources({ DOCKER_HOST: "unix://${socket}" })))
        .catch((error) => console.log(error.cause.code + " " + error.message));`;
    const { stdout } = spawnSync(process.execPath, ["-e", script], { encoding: "utf8", cwd: "/" });
    server.close();
    assert.match(stdout, /^EACCES OC2204: Permission denied connecting to the Docker daemon at .*docker group/);
  });

  it("is reported if it is too old", async () => {
    const old = await engineOfVersion("1.24");
    const message = await failure(engineAt(old.host));
    old.stop();
    assertMatchesEntry(message, "OC2213");
    assert.match(message, /API version is 1\.24\. Use Docker Engine 20\.10 or newer \(API version 1\.41\)/);
  });

  it("is reported if its address has an unsupported scheme", async () => {
    assert.match(await failure(engineAt("ftp://somewhere")), /^OC2209: .*"ftp:\/\/somewhere".* Use unix:/);
  });

  it("is rejected if it cannot limit memory and swap", async () => {
    const real = await engine();
    const backend = new DockerBackend({ ...real, limits: { memory: false, swap: false, pids: true } });
    const message = await failure(backend.create(sandboxArgs("never"), silent, named));
    assertMatchesEntry(message, "OC2219");
    assert.match(message, /cannot limit memory and swap: .*Use an engine on cgroup v2/);
  });
});

describe("a failing create on Docker", () => {
  const prefix = `t${randomBytes(4).toString("hex")}`;
  let host: Engine;
  let backend: DockerBackend;
  let faulty: FaultyEngine;
  const images: string[] = [];

  const createOf = (name: string) =>
    backend.create(sandboxArgs(`${prefix}-x`, { docker: { image: name } }), silent, named);

  before(async () => {
    host = await engine();
    backend = new DockerBackend(host);
    faulty = await new FaultyEngine(host.address.replace("unix://", "")).start();
  });
  afterEach(() => {
    faulty.fault = () => undefined;
  });
  after(async () => {
    faulty.stop();
    for (const image of images) await host.client.getImage(image).remove();
    await assertNothingLeft(host.client, prefix);
  });

  it("reports an image that cannot be pulled, and what to do", async () => {
    const message = await failure(createOf("127.0.0.1:1/none:never"));
    assertMatchesEntry(message, "OC2606");
    assert.match(message, /"127\.0\.0\.1:1\/none:never": .+\. Correct docker\.image/);
    assert.deepEqual(await containersNamed(host.client, prefix), []);
  });

  it("reports an image without a shell, and leaves nothing", async () => {
    images.push(await imageOf(host.client, `${prefix}-no-shell:latest`, { "bin/other": "" }));
    assertMatchesEntry(await failure(createOf(`${prefix}-no-shell:latest`)), "OC2216");
    assert.deepEqual(await containersNamed(host.client, prefix), []);
  });

  it("reports the engine's own error for a shell that cannot run, and leaves nothing", async () => {
    images.push(await imageOf(host.client, `${prefix}-no-program:latest`, { "bin/sh": "no program" }));
    assert.match(await failure(createOf(`${prefix}-no-program:latest`)), /exec format error/);
    assert.deepEqual(await containersNamed(host.client, prefix), []);
  });

  it("reports a disk without space for its image", async function () {
    if (!SecondEngine.canStart) this.skip(); // starting an engine takes root
    const full = await SecondEngine.start({ disk: 6 });
    const registry = await startRegistry({ layers: "slowly" });
    try {
      const small = new DockerBackend(await engineAt(full.host));
      const message = await failure(
        small.create(sandboxArgs(prefix, { docker: { image: registry.image } }), silent, named),
      );
      assertMatchesEntry(message, "OC2214");
    } finally {
      registry.stop();
      await full.stop();
    }
  });

  it("reports a disk without space for the sandbox, and leaves nothing", async () => {
    backend = new DockerBackend(await engineAt(faulty.host));
    const message = "write /var/lib/docker/containers/x/config.v2.json: no space left on device";
    faulty.fault = (request) => (/^POST \/containers\/.*\/start/.test(request) ? { status: 500, message } : undefined);
    assertMatchesEntry(await failure(createOf(image)), "OC2214");
    assert.deepEqual(await containersNamed(host.client, prefix), []);
  });

  it("leaves nothing if the response to the create was lost", async () => {
    backend = new DockerBackend(await engineAt(faulty.host));
    faulty.fault = (request) => (request.startsWith("POST /containers/create") ? "cut after the work" : undefined);
    assertMatchesEntry(await failure(createOf(image)), "OC2208");
    assert.deepEqual(await containersNamed(host.client, prefix), []);
  });

  it("names the sandbox that it could not remove", async () => {
    backend = new DockerBackend(await engineAt(faulty.host));
    faulty.fault = (request) =>
      /^POST .*\/start|^DELETE/.test(request) ? { status: 500, message: "broken" } : undefined;
    const error = await createOf(image).then(
      () => assert.fail("did not fail"),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof PartialCreateError);
    assert.deepEqual(await containersNamed(host.client, prefix), [error.containerId]);
    faulty.fault = () => undefined;
    assert.equal((await backend.repair(error.containerId, {}, silent)).status, "running");
    await backend.delete(error.containerId);
  });

  it("is cleaned up by removePending, also if the engine creates the sandbox after the run was interrupted", async () => {
    const id = `cntr_${"5".repeat(48)}`;
    const time = Date.now();
    const name = `${prefix}-late`;
    const late = sleep(1_500).then(() => host.client.createContainer(containerSpec(id, sandboxArgs(name), 60)));
    await new DockerBackend(host).removePending({ id, name, nameIsDrawn: true, time });
    await late;
    assert.deepEqual(await containersNamed(host.client, name), []);
  });

  it("does not make removePending wait longer than a create takes, although the clock was set back meanwhile", async () => {
    const left = { id: `cntr_${"6".repeat(48)}`, name: `${prefix}-never`, nameIsDrawn: true };
    await new DockerBackend(host).removePending({ ...left, time: Date.now() + 3_600_000 });
  });

  it("is not caused by a memoryLimit above the host's memory, which is a warning", async () => {
    const warnings: string[] = [];
    const small = new DockerBackend({ ...host, memoryTotal: 2 ** 31 });
    const report = { ...silent, warning: (code: string, text: string) => warnings.push(`${code}: ${text}`) };
    const { id } = await small.create(sandboxArgs(`${prefix}-small`, { memoryLimit: "4g" }), report, named);
    await small.delete(id);
    assert.equal(warnings.length, 1);
    assertMatchesEntry(warnings[0] ?? "", "OC2220");
  });
});
