import assert from "node:assert/strict";
import { HostStack } from "../support/host/host-stack";
import { assertLines } from "../support/lines";
import { dockerPlace } from "../support/place";

describe("a warning about the arguments of two containers", function () {
  this.timeout(60_000);

  it("stands once at each, although Pulumi has the inputs of a replacement checked twice", async () => {
    const place = await dockerPlace();
    const stack = new HostStack(place.env);
    try {
      await stack.containers({ one: place.arguments, two: place.arguments }).up();
      const docker = { ...Object(place.arguments["docker"]), egress: { privateRanges: ["10.0.0.0/8"] } };
      const wide = {
        ...place.arguments,
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
      await stack.end(place.holder);
      await place.stop();
    }
  });
});
