import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const command = join(__dirname, "../../dist/sdk/cli/index.js");

describe("openai-containers", () => {
  it("ends in silence where nobody reads on", () => {
    const { status, stderr } = spawnSync("sh", ["-c", `"$0" "$1" --help | true`, process.execPath, command], {
      encoding: "utf8",
    });
    assert.deepEqual([status, stderr], [0, ""]);
  });
});
