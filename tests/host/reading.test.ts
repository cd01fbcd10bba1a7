import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { DockerBackend } from "../../provider/backends/docker/docker-backend";
import { longestPollInterval } from "../../provider/backends/docker/sandbox/watchdog";
import { engine } from "../support/docker";
import { expiringHostedBackend } from "../support/expiring-backend";
import { HostStack } from "../support/host/host-stack";
import { assertLines } from "../support/lines";
import { dockerTestBackend } from "../support/test-backend";

describe("reading live state of the hosted API", function () {
  this.timeout(180_000);
  let backend: Awaited<ReturnType<typeof expiringHostedBackend>>;
  let stack: HostStack;
  const program = (memoryLimit: string) =>
    stack.containers({ one: { memoryLimit }, two: { memoryLimit }, three: { memoryLimit } });

  before(async () => {
    backend = await expiringHostedBackend();
    stack = new HostStack(backend.env);
    await program("1g").up();
  });
  after(() => stack.end(backend.holder).finally(() => backend.stop()));

  it("takes one list request for each run, and does not count as use of a container", async () => {
    const used = () => backend.emulator.containers().map(({ id, last_active_at: time }) => [id, time]);
    backend.clock.advance(60_000);
    for (const { id } of backend.emulator.containers()) await backend.use(id);
    const before = used();
    backend.clock.advance(60_000);
    backend.requests();
    const same = { op: "same", reasons: [], changed: [] };
    for (const { steps } of [await program("1g").up(), await stack.refresh()]) {
      assert.deepEqual(steps, { one: same, two: same, three: same });
    }
    const inUse = ["one", "three", "two"].map(
      (name) => new RegExp(`^${name}: OC2006: container .* is in use, last active`),
    );
    assertLines((await program("4g").preview()).warnings, inUse);
    assert.deepEqual(backend.requests(), ["GET /containers", "GET /containers", "GET /containers"]);
    assert.deepEqual(used(), before);
  });

  it("takes containers whose last use is more than five minutes ago as not in use", async () => {
    backend.clock.advance(5 * 60_000);
    const { steps, warnings } = await program("4g").preview();
    assert.deepEqual(warnings, []);
    assert.deepEqual(new Set(Object.values(steps).map(({ op }) => op)), new Set(["replace"]));
  });
});

describe("reading live state of a sandbox on Docker", function () {
  this.timeout(180_000);

  it("does not count as use of it, in a preview, in one of a replacement, and in a refresh", async () => {
    const backend = await dockerTestBackend();
    const stack = new HostStack(backend.env);
    try {
      const program = (memoryLimit: string) => stack.containers({ box: { ...backend.arguments, memoryLimit } });
      await program("1g").up();
      await sleep(3_000); // its start counts as use
      const began = Math.floor(Date.now() / 1000);
      await stack.preview();
      await program("4g").preview(); // with a change, diff reads the time of the last use too
      await stack.refresh();
      await sleep(longestPollInterval * 1000 + 1_000); // for its watchdog to notice a use
      const activity = await new DockerBackend(await engine()).activity(stack.idOf("box"));
      const used = activity?.lastActiveAt ?? assert.fail("the time of its last use is not known");
      assert.ok(used < began, `used ${used - began} s after the first read began`);
    } finally {
      await stack.end(backend.holder).finally(() => backend.stop());
    }
  });
});
