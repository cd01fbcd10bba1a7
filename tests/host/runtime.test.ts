import assert from "node:assert/strict";
import { engine, image } from "../support/docker";
import { HostStack } from "../support/host/host-stack";
import { assertLines } from "../support/lines";

const other = "io.containerd.runc.v2";

describe("the argument docker.runtime", function () {
  this.timeout(180_000);
  const stack = new HostStack({});
  const program = (docker: object, more = {}) => stack.containers({ box: { backend: "docker", docker, ...more } });
  before(async function () {
    if (!(await engine()).runtimes.has(other)) this.skip();
  });
  after(async () => stack.end((await engine()).client));

  it("shows no change once it is applied, and replaces the container when it changes", async () => {
    await program({ image, runtime: other }).up();
    assert.deepEqual(stack.resources.get("box")?.outputs["docker"], { image, runtime: other });
    const same = { op: "same", reasons: [], changed: [] };
    assert.deepEqual((await stack.refresh()).steps["box"], same);
    assert.deepEqual((await stack.preview()).steps["box"], same);
    const replaced = { op: "replace", reasons: ["docker"], changed: ["docker"] };
    assert.deepEqual((await program({ image }).preview()).steps["box"], replaced);
  });

  it("whose name tells that it is gVisor fails a preview with an allow list, and warns of idle expiry without one", async () => {
    const networkPolicy = { type: "allowlist", allowedDomains: ["a.example.com"] };
    const { problems } = await program({ image, runtime: "runsc" }, { networkPolicy }).preview();
    assertLines(problems["box"] ?? [], [/^OC1005: docker\.runtime: got a runtime that gives each container a kernel /]);
    const { problems: none, warnings } = await program({ image, runtime: "runsc" }).preview();
    assert.deepEqual(none, {});
    assertLines(warnings, [/^box: OC2617: /]);
  });
});
