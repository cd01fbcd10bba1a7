import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { Container } from "../../sdk";
import { preflightGet } from "../../sdk/preflight";

describe("the installation check of Container", () => {
  it("is skipped in a unit test with mocks, in any working directory", async () => {
    pulumi.runtime.setMocks({
      newResource: ({ name, inputs }) => ({ id: `${name}_id`, state: inputs }),
      call: ({ inputs }) => inputs,
    });
    const [back, folder] = [process.cwd(), mkdtempSync(join(tmpdir(), "openai-containers-mocks-"))];
    process.chdir(folder);
    try {
      const { id } = new Container("box");
      assert.equal(await new Promise((resolve) => id.apply(resolve)), "box_id");
    } finally {
      process.chdir(back);
      rmSync(folder, { recursive: true });
    }
  });

  it("names the version of Pulumi's SDK that Container.get needs", () => {
    for (const version of ["3.268.0", "3.270.1", "4.0.0"]) preflightGet("got", version);
    assert.throws(() => preflightGet("got", "3.267.0"), {
      message:
        "OC4002: Container got: Container.get needs @pulumi/pulumi 3.268.0 or newer: this program uses 3.267.0. " +
        "Run `npm install @pulumi/pulumi@latest`.",
    });
  });
});
