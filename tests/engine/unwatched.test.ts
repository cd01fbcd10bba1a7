import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { longestPollInterval } from "../../provider/backends/docker/sandbox/watchdog";
import { idleDockerPlace } from "../support/idle-place";
import { canDebug, ScaledSandboxes } from "../support/scaled-sandboxes";
import { Stack } from "../support/stack";
import { previewed, warned } from "../support/told";

const minute = 2; // seconds, to the runs that find it overdue; its own watchdog counts 60

describe("a stack with a sandbox whose watchdog was stopped", function () {
  this.timeout(240_000);
  let place: Awaited<ReturnType<typeof idleDockerPlace>>;
  let stack: Stack;
  let id: string;
  let line: string;

  before(async function () {
    if (!canDebug) return this.skip();
    place = await idleDockerPlace(minute);
    const calm = new Stack(place.calm);
    stack = new Stack(place.env, calm);
    await stack
      .program(
        `exports.id = new Container("${stack.prefix}", { expiresAfter: { anchor: "last_active_at", minutes: 1 }, ${place.args} }).id;`,
      )
      .init();
    await calm.up();
    id = (await stack.ok("stack", "output", "id")).trim();
    line = `${stack.prefix}: container ${id} is unwatched (the watchdog that terminates it after 1 idle minute does not answer): up replaces it with a new, empty container`;
    await (await ScaledSandboxes.open(minute)).stopWatchdog(id);
    await sleep((minute + longestPollInterval + 1) * 1000);
    place.requests();
  });
  after(() => stack?.end(place.holder).finally(() => place.stop()));

  /** What the runs since the last call asked of the engine that was no reading; a signal asks the watchdog. */
  const changes = () => place.requests().filter((request) => !/^(GET|HEAD) |\/kill\?signal=SIGUSR1$/.test(request));

  async function assertUntouched(): Promise<void> {
    assert.deepEqual(changes(), []);
    assert.deepEqual(await place.inventory(stack.prefix), [id]);
    assert.ok((await place.client.getContainer(id).inspect()).State.Running);
  }

  it("has it replaced by the plan of a preview, which changes nothing, however often it is made", async () => {
    for (let times = 0; times < 2; times += 1) {
      const preview = await stack.preview();
      const reasons = preview.steps.flatMap(({ op, replaceReasons }) => (op === "same" ? [] : [[op, replaceReasons]]));
      assert.deepEqual(reasons, [["replace", ["unwatched"]]]);
      assert.deepEqual(previewed(preview), [line]);
      await assertUntouched();
    }
  });

  it("has it shown by a refresh, which changes nothing either", async () => {
    const text = await stack.ok("refresh", "--yes", "--skip-preview", "--diff");
    assert.match(text, /~ status +: "running" => "unwatched"/);
    assert.equal(text.split("is unwatched").length - 1, 1, text);
    await assertUntouched();
    assert.equal((await stack.container()).outputs["status"], "unwatched");
  });

  it("has it replaced by a plain up, which deletes it", async () => {
    const text = await stack.up();
    assert.match(text, /\+-1 replaced/);
    assert.deepEqual(warned(text), [line]);
    const { id: now = "" } = await stack.container();
    assert.notEqual(now, id);
    assert.deepEqual(await place.inventory(stack.prefix), [now]);
  });
});
