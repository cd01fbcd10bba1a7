import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { longestPollInterval } from "../../provider/backends/docker/sandbox/watchdog";
import { expiringDockerBackend } from "../support/expiring-backend";
import { HostStack } from "../support/host/host-stack";
import { assertLines } from "../support/lines";
import { canDebug, ScaledSandboxes } from "../support/scaled-sandboxes";

const minute = 2; // seconds, for the runs that find the sandbox overdue; its own watchdog counts 60

describe("a sandbox whose watchdog was stopped", function () {
  this.timeout(180_000);
  let backend: Awaited<ReturnType<typeof expiringDockerBackend>>;
  let stack: HostStack;
  let id: string;

  before(async function () {
    if (!canDebug) return this.skip();
    backend = await expiringDockerBackend(minute);
    stack = new HostStack(backend.envWithoutExpiry);
    const expiresAfter = { anchor: "last_active_at", minutes: 1 };
    await stack.containers({ box: { ...backend.arguments, expiresAfter } }).up();
    stack.env = backend.env;
    id = stack.idOf("box");
    await (await ScaledSandboxes.open(minute)).stopWatchdog(id);
    await sleep((minute + longestPollInterval + 1) * 1000);
    backend.requests();
  });
  after(() => stack?.end(backend.holder).finally(() => backend.stop()));

  const line = () =>
    new RegExp(
      `^box: OC2003: container ${id} is unwatched \\(.*1 idle minute.*\\): up replaces it with a new, empty container`,
    );
  const step = { op: "replace", reasons: ["unwatched"], changed: [] };
  /** The requests since the last call that did not only read; a signal to the watchdog reads. */
  const changes = () => backend.requests().filter((request) => !/^(GET|HEAD) |\/kill\?signal=SIGUSR1$/.test(request));

  async function assertUntouched(): Promise<void> {
    assert.deepEqual(changes(), []);
    assert.deepEqual(await backend.inventory(stack.prefix), [id]);
    assert.ok((await backend.client.getContainer(id).inspect()).State.Running);
  }

  it("is to be replaced in each preview, and no preview changes it", async () => {
    for (let times = 0; times < 2; times += 1) {
      const { steps, warnings } = await stack.preview();
      assert.deepEqual(steps["box"], step);
      assertLines(warnings, [line()]);
      await assertUntouched();
    }
  });

  it("has the status unwatched in a refresh, which does not change it", async () => {
    const { steps, warnings } = await stack.refresh();
    assert.deepEqual(steps["box"], { op: "update", reasons: [], changed: ["status"] });
    assertLines(warnings, [/^box: OC2003: container .* is unwatched/]);
    await assertUntouched();
    assert.equal(stack.resources.get("box")?.outputs["status"], "unwatched");
  });

  it("is replaced by a plain up, which deletes it", async () => {
    const { steps, warnings } = await stack.up();
    assert.deepEqual(steps["box"], step);
    assertLines(warnings, [line()]);
    assert.notEqual(stack.idOf("box"), id);
    assert.deepEqual(await backend.inventory(stack.prefix), [stack.idOf("box")]);
  });
});
