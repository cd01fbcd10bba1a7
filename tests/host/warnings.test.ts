import assert from "node:assert/strict";
import { HostStack } from "../support/host/host-stack";
import { assertLines } from "../support/lines";
import { dockerTestBackend } from "../support/test-backend";

describe("a warning about the arguments of two containers", function () {
  this.timeout(180_000);

  it("is shown once for each, although Pulumi checks the inputs of a replacement twice", async () => {
    const backend = await dockerTestBackend();
    const stack = new HostStack(backend.env);
    try {
      await stack.containers({ one: backend.arguments, two: backend.arguments }).up();
      const docker = { ...Object(backend.arguments["docker"]), egress: { privateRanges: ["10.0.0.0/8"] } };
      const wide = {
        ...backend.arguments,
        networkPolicy: { type: "allowlist", allowedDomains: ["a.example.com"] },
        docker,
      };
      const { steps, warnings } = await stack.containers({ one: wide, two: wide }).preview();
      const changed = ["docker", "networkPolicy"];
      const step = { op: "replace", reasons: changed, changed };
      assert.deepEqual(steps, { one: step, two: step });
      assertLines(
        warnings,
        ["one", "two"].map((name) => new RegExp(`^${name}: .*docker\\.egress\\.privateRanges: .*10\\.0\\.0\\.0/8`)),
      );
    } finally {
      await stack.end(backend.holder);
      await backend.stop();
    }
  });
});
