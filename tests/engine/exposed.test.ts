import assert from "node:assert/strict";
import { idleDockerPlace } from "../support/idle-place";
import { Stack } from "../support/stack";
import { previewed, warned } from "../support/told";

describe("a stack with a sandbox on a network named after it, as an earlier version made them", function () {
  this.timeout(120_000);
  let place: Awaited<ReturnType<typeof idleDockerPlace>>;
  let stack: Stack;
  let id: string;
  let line: string;

  before(async () => {
    place = await idleDockerPlace();
    stack = new Stack(place.env);
    await stack.program(`exports.id = new Container("${stack.prefix}", { ${place.args} }).id;`).init();
    await stack.up();
    id = (await stack.ok("stack", "output", "id")).trim();
    line = `${stack.prefix}: container ${id} is exposed (made by an earlier version, it is on a network over which it can send to the engine's host): up replaces it with a new, empty container`;
    const { Id: Container } = await place.client.getContainer(id).inspect();
    await place.client.getNetwork("none").disconnect({ Container });
    await place.client.createNetwork({ Name: id, Internal: true });
    await place.client.getNetwork(id).connect({ Container });
  });
  after(() => stack?.end(place.holder).finally(() => place.stop()));

  it("has it replaced by the plan of a preview, which says why", async () => {
    const preview = await stack.preview();
    const reasons = preview.steps.flatMap(({ op, replaceReasons }) => (op === "same" ? [] : [[op, replaceReasons]]));
    assert.deepEqual(reasons, [["replace", ["exposed"]]]);
    assert.deepEqual(previewed(preview), [line]);
    assert.deepEqual(await place.inventory(stack.prefix), [id]);
  });

  it("has it shown by a refresh", async () => {
    assert.match(await stack.ok("refresh", "--yes", "--skip-preview", "--diff"), /~ status +: "running" => "exposed"/);
  });

  it("has it replaced by a plain up, which removes the network too", async () => {
    const text = await stack.up();
    assert.match(text, /\+-1 replaced/);
    assert.deepEqual(warned(text), [line]);
    const { id: now = "" } = await stack.container();
    assert.deepEqual(await place.inventory(stack.prefix), [now]);
    assert.deepEqual(await place.client.listNetworks({ filters: { name: [id] } }), []);
  });
});
