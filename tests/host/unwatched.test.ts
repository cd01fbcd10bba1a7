import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { longestPollInterval } from "../../provider/backends/docker/sandbox/watchdog";
import { HostStack } from "../support/host/host-stack";
import { idleDockerPlace } from "../support/idle-place";
import { assertLines } from "../support/lines";
import { canDebug, ScaledSandboxes } from "../support/scaled-sandboxes";

const minute = 2; // seconds, to the runs that find it overdue; its own watchdog counts 60

describe("a sandbox whose watchdog was stopped", function () {
  this.timeout(120_000);
  let place: Awaited<ReturnType<typeof idleDockerPlace>>;
  let stack: HostStack;
  let id: string;

  before(async function () {
    if (!canDebug) return this.skip();
    place = await idleDockerPlace(minute);
    stack = new HostStack(place.calm);
    const expiresAfter = { anchor: "last_active_at", minutes: 1 };
    await stack.containers({ box: { ...place.arguments, expiresAfter } }).up();
    stack.env = place.env;
    id = stack.idOf("box");
    await (await ScaledSandboxes.open(minute)).stopWatchdog(id);
    await sleep((minute + longestPollInterval + 1) * 1000);
    place.requests();
  });
  after(() => stack?.end(place.holder).finally(() => place.stop()));

  const line = () =>
    new RegExp(
      `^box: OC2003: container ${id} is unwatched \\(.*1 idle minute.*\\): up replaces it with a new, empty container`,
    );
  const step = { op: "replace", reasons: ["unwatched"], changed: [] };
  /** What the runs since the last call asked of the engine that was no reading; a signal asks the watchdog. */
  const changes = () => place.requests().filter((request) => !/^(GET|HEAD) |\/kill\?signal=SIGUSR1$/.test(request));

  async function assertUntouched(): Promise<void> {
    assert.deepEqual(changes(), []);
    assert.deepEqual(await place.inventory(stack.prefix), [id]);
    assert.ok((await place.client.getContainer(id).inspect()).State.Running);
  }

  it("is replaced by the plan of a preview, which changes nothing, however often it is made", async () => {
    for (let times = 0; times < 2; times += 1) {
      const { steps, warnings } = await stack.preview();
      assert.deepEqual(steps["box"], step);
      assertLines(warnings, [line()]);
      await assertUntouched();
    }
  });

  it("is shown by a refresh, which changes nothing either", async () => {
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
    assert.deepEqual(await place.inventory(stack.prefix), [stack.idOf("box")]);
  });
});
