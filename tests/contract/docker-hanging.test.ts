import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UnreachableError } from "../../provider/backends/backend";
import { DockerBackend } from "../../provider/backends/docker/docker-backend";
import { connect, type Engine } from "../../provider/backends/docker/engine/engine";
import { defaultTimeouts } from "../../provider/backends/docker/engine/request-timeouts";
import { dockerSettings } from "../../provider/backends/docker/settings";
import { settingSources } from "../../provider/config";
import { named } from "../support/create-context";
import { assertNothingLeft, engine, sandboxArgs } from "../support/docker";
import { FaultyEngine } from "../support/faulty-engine";
import { gatewayImage } from "../support/live/images";
import { silent } from "../support/silent";

const timeoutMs = 2_500; // longer than an engine that works takes here
const hangMs = 600_000;

describe("a Docker engine that hangs", () => {
  let host: Engine;
  let faulty: FaultyEngine;
  let backend: DockerBackend;
  const prefix = `h${randomBytes(4).toString("hex")}`;
  const allowlist = { networkPolicy: { type: "allowlist" as const, allowedDomains: ["a.example.com"] } };

  const settingsFor = (address: string) => dockerSettings(settingSources({ DOCKER_HOST: address }));
  before(async () => {
    host = await engine();
    faulty = await new FaultyEngine(host.address.replace("unix://", "")).start();
    const timeouts = { ...defaultTimeouts, read: timeoutMs, write: timeoutMs };
    backend = new DockerBackend(await connect(settingsFor(faulty.host), timeouts), { gatewayImage });
  });
  after(() => faulty?.stop());
  afterEach(async () => {
    faulty.fault = () => undefined;
    await assertNothingLeft(host.client, prefix);
  });

  const hangsIn = (request: RegExp) => {
    faulty.fault = (made) => (request.test(made) ? { delayMs: hangMs, afterWork: true } : undefined);
  };
  const timedOut = (error: unknown) =>
    error instanceof UnreachableError &&
    /^OC2205: The Docker engine at .* does not respond \(no response in 2\.5 s\)/.test(error.message);

  const calls: [what: string, request: RegExp][] = [
    ["inspects the image", /^GET \/images\/.*\/json/],
    ["creates the sandbox", /^POST \/containers\/create\?name=cntr_[^-]+(&|$)/],
    ["extracts its data folder", /^PUT .*path=%2Fmnt/],
    ["starts the sandbox", /^POST \/containers\/[\da-f]{64}\/start/],
    ["sends the sandbox's log", /^GET \/containers\/[\da-f]{64}\/logs/],
    ["creates the gateway", /^POST \/containers\/create\?name=cntr_\w+-gateway/],
    ["starts the listeners container", /^POST \/containers\/cntr_\w+-listeners\/start/],
    ["waits for the listeners container", /^POST \/containers\/cntr_\w+-listeners\/wait/],
  ];
  for (const [what, request] of calls) {
    it(`fails a create at the timeout while it ${what}, with progress meanwhile, and nothing is left`, async () => {
      hangsIn(request);
      const shown: string[] = [];
      const report = { ...silent, progress: (text: string) => void shown.push(text) };
      await assert.rejects(backend.create(sandboxArgs(`${prefix}-one`, allowlist), report, named), timedOut);
      if (!request.source.includes("images"))
        assert.deepEqual(shown, [`waiting for the Docker engine at ${faulty.host}`]);
    });
  }

  it("leaves no sandbox if it completes the create after the timeout", async () => {
    faulty.fault = (made) =>
      /^POST \/containers\/create/.test(made) ? { delayMs: timeoutMs + 2_000, afterWork: false } : undefined;
    await assert.rejects(backend.create(sandboxArgs(`${prefix}-late`), silent, named), timedOut);
  });

  it("fails every read and a delete at the timeout, and works again once it has recovered", async () => {
    const { id } = await new DockerBackend(host).create(sandboxArgs(`${prefix}-two`), silent, named);
    hangsIn(/^GET /);
    await Promise.all([
      assert.rejects(new DockerBackend(await connected(timeoutMs)).observe(id), timedOut),
      assert.rejects(new DockerBackend(await connected(timeoutMs)).status(id), timedOut),
      assert.rejects(backend.list(undefined), timedOut),
      assert.rejects(backend.activity(id), timedOut),
    ]);
    hangsIn(/^DELETE /);
    const hasty = new DockerBackend(await connected(timeoutMs, { remove: timeoutMs }));
    await assert.rejects(hasty.delete(id), timedOut);
    faulty.fault = () => undefined;
    await new DockerBackend(await connected(defaultTimeouts.read)).delete(id);
  });

  async function connected(read: number, more = {}): Promise<Engine> {
    const { fault } = faulty;
    faulty.fault = (request) => (/^GET \/(version|info|libpod\/info)/.test(request) ? undefined : fault(request));
    return connect(settingsFor(faulty.host), { ...defaultTimeouts, read, ...more });
  }

  it("fails the connect at the timeout if it accepts a connection and sends nothing", async () => {
    const socket = join(tmpdir(), `${prefix}.sock`);
    const server = createServer().listen(socket);
    try {
      await assert.rejects(
        connect(settingsFor(`unix://${socket}`), { ...defaultTimeouts, connect: 300 }),
        (error: Error) => {
          assert.equal(
            error.message,
            `OC2205: The Docker engine at unix://${socket} (from DOCKER_HOST) does not respond (no response in 0.3 s): it hangs, or its host is overloaded. Check \`docker ps\`, restart the engine if that hangs too, and run the same command again.`,
          );
          return error instanceof UnreachableError;
        },
      );
    } finally {
      server.close();
    }
  });
});
