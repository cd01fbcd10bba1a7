import assert from "node:assert/strict";
import { networkInterfaces } from "node:os";
import { containersNamed } from "../support/docker";
import { HostStack } from "../support/host/host-stack";
import { assertLines } from "../support/lines";
import { dockerPlace } from "../support/place";
import { SecondEngine } from "../support/second-engine";

const never = 600_000; // ms
const nowhere = "unix:///tmp/openai-containers-test-none.sock";
const same = { op: "same", reasons: [], changed: [] };

describe("a run that does not reach its containers' engine", function () {
  this.timeout(120_000);
  let place: Awaited<ReturnType<typeof dockerPlace>>;
  let stack: HostStack;
  let usual: NodeJS.ProcessEnv;
  const program = () => stack.containers({ one: place.arguments, two: place.arguments, three: place.arguments });

  before(async () => {
    place = await dockerPlace();
    stack = new HostStack(place.env);
    usual = stack.env;
    await program().up();
  });
  beforeEach(() => program());
  afterEach(() => {
    place.faulty.fault = () => undefined;
    stack.env = usual;
    stack.config = {};
  });
  after(() => stack.end(place.holder).finally(() => place.stop()));

  for (const [what, request] of [
    ["that hangs at the first question", /^GET \/version/],
    ["that hangs at the list", /^GET \/containers\/json/],
  ] as const) {
    it(`waits in a preview once for all containers of an engine ${what}, says so once, and goes on`, async () => {
      let waits = 0;
      place.faulty.fault = (made) => {
        if (!request.test(made)) return undefined;
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

  it("skips the liveness check in a preview where there is none, which it says once, and goes on", async () => {
    stack.env = { DOCKER_HOST: nowhere };
    const { steps, warnings } = await stack.preview();
    assertLines(warnings, [
      /^no resource: OC2007: skipped the liveness check: OC2202: There is no Docker engine at unix:.* \(from DOCKER_HOST\)/,
    ]);
    assert.deepEqual(steps, { one: same, two: same, three: same });
  });

  it("takes the engine of the stack's configuration, where the environment has none", async () => {
    stack.env = { DOCKER_HOST: undefined };
    stack.config = { "openai-containers:dockerHost": nowhere };
    assertLines((await stack.preview()).warnings, [
      new RegExp(`^no resource: .*${nowhere} \\(from openai-containers:dockerHost\\)`),
    ]);
  });

  it("fails in refresh, replacement and destroy where there is none, and nothing is forgotten", async () => {
    const before = new Map(stack.resources);
    stack.env = { DOCKER_HOST: nowhere };
    const failed = [await stack.refresh(), await stack.destroy()];
    const larger = { ...place.arguments, memoryLimit: "4g" };
    failed.push(await stack.containers({ one: larger, two: larger, three: larger }).up());
    for (const { problems } of failed) {
      for (const name of before.keys()) assertLines(problems[name] ?? [], [/OC2202: There is no Docker engine at/]);
    }
    assert.deepEqual(stack.resources, before);
  });

  it("fails with the way out in preview, refresh and destroy on another engine, and nothing is forgotten", async function () {
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
      const there = await containersNamed(place.client, stack.prefix);
      assert.deepEqual(there.sort(), [...before.values()].map(({ id }) => id).sort());
    } finally {
      await other.stop();
    }
  });

  it("warns once, before anything is sent, where the way to the engine can be read", async function () {
    const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
    const own = addresses.find(({ family, internal }) => family === "IPv4" && !internal)?.address;
    if (own === undefined) return this.skip(); // an address of this machine that is no loopback's
    const host = `tcp://${own}:1`; // where nobody listens
    stack.env = { DOCKER_HOST: host };
    const { warnings } = await stack.preview();
    const [way = ""] = warnings.filter((line) => line.includes("not encrypted"));
    assert.match(way, new RegExp(`^no resource: .*${host} \\(DOCKER_HOST\\) is not encrypted: .*DOCKER_TLS_VERIFY`));
    assertLines(
      warnings.filter((line) => line !== way),
      [/^no resource: OC2007: skipped the liveness check/],
    );
  });
});
