import assert from "node:assert/strict";
import { HostStack } from "../support/host/host-stack";
import { assertLines } from "../support/lines";
import { dockerPlace } from "../support/place";

describe("a sandbox on a network named after it, as an earlier version made them", function () {
  this.timeout(60_000);
  let place: Awaited<ReturnType<typeof dockerPlace>>;
  let stack: HostStack;
  let id: string;

  before(async () => {
    place = await dockerPlace();
    stack = new HostStack(place.env);
    await stack.containers({ box: place.arguments }).up();
    id = stack.idOf("box");
    const { Id: Container } = await place.client.getContainer(id).inspect();
    await place.client.getNetwork("none").disconnect({ Container });
    await place.client.createNetwork({ Name: id, Internal: true });
    await place.client.getNetwork(id).connect({ Container });
  });
  after(() => stack.end(place.holder).finally(() => place.stop()));

  const line = () =>
    new RegExp(`^box: OC2004: container ${id} is exposed \\(.*\\): up replaces it with a new, empty container`);
  it("is replaced by the plan of a preview, which says why", async () => {
    const { steps, warnings } = await stack.preview();
    assert.deepEqual(steps["box"], { op: "replace", reasons: ["exposed"], changed: [] });
    assertLines(warnings, [line()]);
    assert.deepEqual(await place.inventory(stack.prefix), [id]);
  });

  it("is shown by a refresh", async () => {
    const { steps } = await stack.refresh();
    assert.deepEqual(steps["box"], { op: "update", reasons: [], changed: ["networkPolicy", "status"] });
    assert.equal(stack.resources.get("box")?.outputs["status"], "exposed");
  });

  it("is replaced by a plain up, which removes the network too", async () => {
    const { steps, warnings } = await stack.up();
    // After a refresh the network is drift of an argument, too.
    const changed = ["networkPolicy"];
    assert.deepEqual(steps["box"], { op: "replace", reasons: ["exposed", ...changed], changed });
    assertLines(warnings, [line()]);
    assert.notEqual(stack.idOf("box"), id);
    assert.deepEqual(await place.inventory(stack.prefix), [stack.idOf("box")]);
    assert.deepEqual(await place.client.listNetworks({ filters: { name: [id] } }), []);
  });
});
