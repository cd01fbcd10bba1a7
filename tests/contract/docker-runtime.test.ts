import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { DockerBackend } from "../../provider/backends/docker/docker-backend";
import type { Engine } from "../../provider/backends/docker/engine/engine";
import { named } from "../support/create-context";
import { assertNothingLeft, engine, engineAt, image, sandboxArgs } from "../support/docker";
import { FaultyEngine } from "../support/faulty-engine";
import { assertMatchesEntry } from "../support/matches-entry";
import { silent } from "../support/silent";

/** A runtime that every Docker engine has besides its default one. It runs runc too. */
const other = "io.containerd.runc.v2";

describe("docker.runtime", function () {
  this.timeout(60_000);
  const prefix = `t${randomBytes(4).toString("hex")}`;
  let host: Engine;
  let backend: DockerBackend;
  before(async function () {
    host = await engine();
    if (!host.runtimes.has(other)) this.skip(); // Podman ignores the runtime of a request
    backend = new DockerBackend(host);
  });
  afterEach(() => assertNothingLeft(host.client, prefix));

  const withRuntime = (runtime: string, more = {}) => sandboxArgs(prefix, { docker: { image, runtime }, ...more });
  const allowlist = { networkPolicy: { type: "allowlist" as const, allowedDomains: ["a.example.com"] } };

  async function failure(of: DockerBackend, args: ReturnType<typeof withRuntime>): Promise<string> {
    const error: Error = await of.create(args, silent, named).then(
      () => assert.fail("did not fail"),
      (thrown: Error) => thrown,
    );
    return error.message;
  }

  it("is the runtime of the engine's container, and is read back", async () => {
    const created = await backend.create(withRuntime(other), silent, named);
    try {
      const { HostConfig } = await host.client.getContainer(created.id).inspect();
      assert.equal(HostConfig.Runtime, other);
      for (const observed of [created, await backend.observe(created.id), (await backend.list(prefix))[0]])
        assert.deepEqual(observed?.docker, { image, runtime: other });
    } finally {
      await backend.delete(created.id);
    }
  });

  it("is not reported of a sandbox whose program names none, although the engine reports its default", async () => {
    const { id } = await backend.create(sandboxArgs(prefix), silent, named);
    try {
      assert.notEqual((await host.client.getContainer(id).inspect()).HostConfig.Runtime, "");
      assert.deepEqual((await backend.observe(id))?.docker, { image });
    } finally {
      await backend.delete(id);
    }
  });

  it("is refused where the engine does not have it, with those that it has", async () => {
    const message = await failure(backend, withRuntime("kata-runtime"));
    assertMatchesEntry(message, "OC2613");
    assert.match(
      message,
      /the runtime "kata-runtime": it has .*io\.containerd\.runc\.v2, .*runc\. Set docker\.runtime /,
    );
  });

  it("is refused with an allow list where its program gives containers a kernel of their own", async () => {
    const runtimes = new Map([...host.runtimes, ["strong", "/usr/local/bin/runsc"]]);
    const message = await failure(new DockerBackend({ ...host, runtimes }), withRuntime("strong", allowlist));
    assertMatchesEntry(message, "OC2615");
    assert.match(message, /The runtime "strong" \(\/usr\/local\/bin\/runsc\) /);
  });

  it("warns where its program is gVisor, in which no sandbox becomes idle", async () => {
    const warnings: string[] = [];
    const report = { ...silent, warning: (code: string, text: string) => void warnings.push(`${code}: ${text}`) };
    for (const changes of [{ runtimes: new Map([[other, "runsc"]]) }, { runtime: "strong, /usr/local/bin/runsc" }]) {
      const args = "runtimes" in changes ? withRuntime(other) : sandboxArgs(prefix);
      const { id } = await new DockerBackend({ ...host, ...changes }).create(args, report, named);
      await backend.delete(id);
    }
    assert.equal(warnings.length, 2);
    for (const warning of warnings) assertMatchesEntry(warning, "OC2617");
  });

  it("fails the create, and leaves nothing, where an engine ignores it", async () => {
    const ignoring = await new FaultyEngine(host.address.replace("unix://", "")).start();
    try {
      ignoring.fault = (request) =>
        request.startsWith("POST /containers/create")
          ? { rewrites: (body) => body.replace(`"Runtime":"${other}"`, '"Runtime":""') }
          : undefined;
      const message = await failure(new DockerBackend(await engineAt(ignoring.host)), withRuntime(other));
      assertMatchesEntry(message, "OC2614");
    } finally {
      ignoring.stop();
    }
  });

  it("of another container of the engine is a part of the candidate for its import, unless it is the default", async () => {
    for (const [Runtime, docker] of [
      [other, { image, runtime: other }],
      ["", { image }],
    ] as const) {
      const container = await host.client.createContainer({ Image: image, HostConfig: { Runtime } });
      try {
        const candidate = await backend.candidate(container.id);
        assert.deepEqual(candidate?.observed.docker, docker);
        assert.equal(candidate?.defaultRuntime, "runc");
      } finally {
        await container.remove();
      }
    }
  });
});
