import assert from "node:assert/strict";
import { importedId } from "../../provider/lifecycle/import/read-for-import";

describe("the id that pulumi import passes on", () => {
  for (const [written, expected] of [
    ["cntr_1", { id: "cntr_1" }],
    ["docker:tools", { id: "tools", backend: "docker" }],
    ["openai:cntr_1", { id: "cntr_1", backend: "openai" }],
    ["podman:tools", { id: "podman:tools" }],
    ["docker:", { id: "", backend: "docker" }],
    ["docker", { id: "docker" }],
  ] as const) {
    it(`is split into a backend and an id where it begins with a backend: ${written}`, () => {
      assert.deepEqual(importedId(written), expected);
    });
  }
});
