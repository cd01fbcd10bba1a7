import assert from "node:assert/strict";
import { networkInterfaces } from "node:os";
import { containersNamed } from "../support/docker";
import { HostStack } from "../support/host/host-stack";
import { assertLines } from "../support/lines";
import { SecondEngine } from "../support/second-engine";
import { dockerTestBackend } from "../support/test-backend";

const never = 600_000; // ms
const nowhere = "unix:///tmp/openai-containers-test-none.sock";
const same = { op: "same", reasons: [], changed: [] };

describe("a run whose engine is unreachable or another one", function () {
  this.timeout(180_000);
  let backend: Awaited<ReturnType<typeof dockerTestBackend>>;
  let stack: HostStack;
  let usual: NodeJS.ProcessEnv;
  const program = () => stack.containers({ one: backend.arguments, two: backend.arguments, three: backend.arguments });

  before(async () => {
    backend = await dockerTestBackend();
    stack = new HostStack(backend.env);
    usual = stack.env;
    await program().up();
  });
  beforeEach(() => program());
  afterEach(() => {
    backend.faulty.fault = () => undefined;
    stack.env = usual;
    stack.config = {};
  });
  after(() => stack.end(backend.holder).finally(() => backend.stop()));

  for (const [what, request] of [
    ["that hangs at the version request", /^GET \/version/],
    ["that hangs at the list request", /^GET \/containers\/json/],
  ] as const) {
    it(`waits in a preview once for all containers of an engine ${what}, and skips the liveness check with one warning`, async () => {
      let waits = 0;
      backend.faulty.fault = (sent) => {
        if (!request.test(sent)) return undefined;
        waits++;
        return { delayMs: never, afterWork: true };
      };
      const { steps, warnings } = await stack.preview();
      assertLines(warnings, [
        /^no resource: OC2007: skipped the liveness check: OC2205: The Docker engine at .* does not respond \(no response in \d+ s\)/,
      ]);
      assert.equal(waits, 1);
      assert.deepEqual(steps, { one: same, two: same, three: same });
    });
  }

  it("skips the liveness check in a preview without an engine, with one warning", async () => {
    stack.env = { DOCKER_HOST: nowhere };
    const { steps, warnings } = await stack.preview();
    assertLines(warnings, [
      /^no resource: OC2007: skipped the liveness check: OC2202: There is no Docker engine at unix:.* \(from DOCKER_HOST\)/,
    ]);
    assert.deepEqual(steps, { one: same, two: same, three: same });
  });

  it("uses the engine of the stack's configuration where the environment names none", async () => {
    stack.env = { DOCKER_HOST: undefined };
    stack.config = { "openai-containers:dockerHost": nowhere };
    assertLines((await stack.preview()).warnings, [
      new RegExp(`^no resource: .*${nowhere} \\(from openai-containers:dockerHost\\)`),
    ]);
  });

  it("fails in refresh, replacement and destroy without an engine, and forgets no container", async () => {
    const before = new Map(stack.resources);
    stack.env = { DOCKER_HOST: nowhere };
    const failed = [await stack.refresh(), await stack.destroy()];
    const larger = { ...backend.arguments, memoryLimit: "4g" };
    failed.push(await stack.containers({ one: larger, two: larger, three: larger }).up());
    for (const { problems } of failed) {
      for (const name of before.keys()) assertLines(problems[name] ?? [], [/OC2202: There is no Docker engine at/]);
    }
    assert.deepEqual(stack.resources, before);
  });

  it("fails with a remedy in preview, refresh and destroy on another engine, and forgets no container", async function () {
    if (!SecondEngine.canStart) this.skip(); // starting an engine takes root
    const other = await SecondEngine.start();
    try {
      const before = new Map(stack.resources);
      stack.env = { DOCKER_HOST: other.host };
      for (const { problems } of [await stack.preview(), await stack.refresh(), await stack.destroy()]) {
        for (const [name, { id }] of before) {
          const says = new RegExp(
            `OC2010: Container ${id} is at docker:.*, and this run uses docker:.*pulumi state delete`,
          );
          assertLines(problems[name] ?? [], [says]);
        }
      }
      assert.deepEqual(stack.resources, before);
      const there = await containersNamed(backend.client, stack.prefix);
      assert.deepEqual(there.sort(), [...before.values()].map(({ id }) => id).sort());
    } finally {
      await other.stop();
    }
  });

  it("warns once, before any request, of an unencrypted connection to the engine", async function () {
    const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
    const own = addresses.find(({ family, internal }) => family === "IPv4" && !internal)?.address;
    if (own === undefined) return this.skip(); // an address of this machine that is no loopback's
    const host = `tcp://${own}:1`; // where nobody listens
    stack.env = { DOCKER_HOST: host };
    const { warnings } = await stack.preview();
    const [unencrypted = ""] = warnings.filter((line) => line.includes("not encrypted"));
    assert.match(
      unencrypted,
      new RegExp(`^no resource: .*${host} \\(DOCKER_HOST\\) is not encrypted: .*DOCKER_TLS_VERIFY`),
    );
    assertLines(
      warnings.filter((line) => line !== unencrypted),
      [/^no resource: OC2007: skipped the liveness check/],
    );
  });
});
