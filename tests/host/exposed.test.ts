import assert from "node:assert/strict";
import { HostStack } from "../support/host/host-stack";
import { assertLines } from "../support/lines";
import { dockerTestBackend } from "../support/test-backend";

describe("a sandbox on a network of its own name, as an earlier version created them", function () {
  this.timeout(180_000);
  let backend: Awaited<ReturnType<typeof dockerTestBackend>>;
  let stack: HostStack;
  let id: string;

  before(async () => {
    backend = await dockerTestBackend();
    stack = new HostStack(backend.env);
    await stack.containers({ box: backend.arguments }).up();
    id = stack.idOf("box");
    const { Id: Container } = await backend.client.getContainer(id).inspect();
    await backend.client.getNetwork("none").disconnect({ Container });
    await backend.client.createNetwork({ Name: id, Internal: true });
    await backend.client.getNetwork(id).connect({ Container });
  });
  after(() => stack.end(backend.holder).finally(() => backend.stop()));

  const line = () =>
    new RegExp(`^box: OC2004: container ${id} is exposed \\(.*\\): up replaces it with a new, empty container`);
  it("is to be replaced in a preview, with a warning that has the reason", async () => {
    const { steps, warnings } = await stack.preview();
    assert.deepEqual(steps["box"], { op: "replace", reasons: ["exposed"], changed: [] });
    assertLines(warnings, [line()]);
    assert.deepEqual(await backend.inventory(stack.prefix), [id]);
  });

  it("has the status exposed in a refresh", async () => {
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
    assert.deepEqual(await backend.inventory(stack.prefix), [stack.idOf("box")]);
    assert.deepEqual(await backend.client.listNetworks({ filters: { name: [id] } }), []);
  });
});
