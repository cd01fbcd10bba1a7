import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UnreachableError } from "../../provider/backends/backend";
import { DockerBackend } from "../../provider/backends/docker/docker-backend";
import { connect, type Engine } from "../../provider/backends/docker/engine/engine";
import { usualLimits } from "../../provider/backends/docker/engine/time-limits";
import { dockerSettings } from "../../provider/backends/docker/settings";
import { settingSources } from "../../provider/config";
import { assertNothingLeft, engine, sandboxArgs } from "../support/docker";
import { FaultyEngine } from "../support/faulty-engine";
import { gatewayImage } from "../support/live/images";
import { named } from "../support/making";
import { silent } from "../support/silent";

const limit = 2_500; // ms: longer than what an engine that works takes here
const never = 600_000; // ms

describe("a Docker engine that hangs", function () {
  this.timeout(120_000);
  let host: Engine;
  let faulty: FaultyEngine;
  let backend: DockerBackend;
  const prefix = `h${randomBytes(4).toString("hex")}`;
  const allowlist = { networkPolicy: { type: "allowlist" as const, allowedDomains: ["a.example"] } };

  const settingsFor = (address: string) => dockerSettings(settingSources({ DOCKER_HOST: address }, () => undefined));
  before(async () => {
    host = await engine();
    faulty = await new FaultyEngine(host.address.replace("unix://", "")).start();
    const limits = { ...usualLimits, look: limit, change: limit };
    backend = new DockerBackend(await connect(settingsFor(faulty.host), limits), { gatewayImage });
  });
  after(() => faulty?.stop());
  afterEach(async () => {
    faulty.fault = () => undefined;
    await assertNothingLeft(host.client, prefix);
  });

  const hangsIn = (request: RegExp) => {
    faulty.fault = (made) => (request.test(made) ? { delayMs: never, afterWork: true } : undefined);
  };
  const gaveUp = (error: unknown) =>
    error instanceof UnreachableError &&
    /^The Docker engine at .* does not answer \(no answer in 2\.5 s\)\./.test(error.message);

  const calls: [what: string, request: RegExp][] = [
    ["looks for the image", /^GET \/images\/.*\/json/],
    ["makes the sandbox", /^POST \/containers\/create\?name=cntr_[^-]+(&|$)/],
    ["gives it its folder", /^PUT .*path=%2Fmnt/],
    ["starts it", /^POST \/containers\/[\da-f]{64}\/start/],
    ["tells what it said", /^GET \/containers\/[\da-f]{64}\/logs/],
    ["makes its gateway", /^POST \/containers\/create\?name=cntr_\w+-gateway/],
    ["starts what gives that its sockets", /^POST \/containers\/cntr_\w+-listeners\/start/],
    ["waits for that", /^POST \/containers\/cntr_\w+-listeners\/wait/],
  ];
  for (const [what, request] of calls) {
    it(`while it ${what} is given up, says so while it waits, and leaves nothing`, async () => {
      hangsIn(request);
      const told: string[] = [];
      const report = { ...silent, progress: (text: string) => void told.push(text) };
      await assert.rejects(backend.create(sandboxArgs(`${prefix}-one`, allowlist), report, named), gaveUp);
      if (!request.source.includes("images"))
        assert.deepEqual(told, [`waiting for the Docker engine at ${faulty.host}`]);
    });
  }

  it("and makes a sandbox after all leaves nothing either", async () => {
    faulty.fault = (made) =>
      /^POST \/containers\/create/.test(made) ? { delayMs: limit + 2_000, afterWork: false } : undefined;
    await assert.rejects(backend.create(sandboxArgs(`${prefix}-late`), silent, named), gaveUp);
  });

  it("is given up by each look, by a removal as well, and serves again when it has recovered", async () => {
    const { id } = await new DockerBackend(host).create(sandboxArgs(`${prefix}-two`), silent, named);
    hangsIn(/^GET /);
    await Promise.all([
      assert.rejects(new DockerBackend(await connected(limit)).observe(id), gaveUp),
      assert.rejects(new DockerBackend(await connected(limit)).status(id), gaveUp),
      assert.rejects(backend.list(undefined), gaveUp),
      assert.rejects(backend.activity(id), gaveUp),
    ]);
    hangsIn(/^DELETE /);
    const impatient = new DockerBackend(await connected(limit, { removal: limit }));
    await assert.rejects(impatient.delete(id), gaveUp);
    faulty.fault = () => undefined;
    await new DockerBackend(await connected(usualLimits.look)).delete(id);
  });

  async function connected(look: number, more = {}): Promise<Engine> {
    const { fault } = faulty;
    faulty.fault = (request) => (/^GET \/(version|info)/.test(request) ? undefined : fault(request));
    return connect(settingsFor(faulty.host), { ...usualLimits, look, ...more });
  }

  it("is given up where it takes a connection and never says what it is", async () => {
    const socket = join(tmpdir(), `${prefix}.sock`);
    const server = createServer().listen(socket);
    try {
      await assert.rejects(connect(settingsFor(`unix://${socket}`), { ...usualLimits, hello: 300 }), (error: Error) => {
        assert.equal(
          error.message,
          `The Docker engine at unix://${socket} (from DOCKER_HOST) does not answer (no answer in 0.3 s). It hangs, or its host is very busy: see whether \`docker ps\` answers, restart it, and run this again.`,
        );
        return error instanceof UnreachableError;
      });
    } finally {
      server.close();
    }
  });
});
