import assert from "node:assert/strict";
import { image as base, engine, inside } from "../support/docker";
import { imageStack } from "../support/docker-plugin/stack";

describe("the example of an image", function () {
  this.timeout(300_000);

  it("builds an image with a tool and runs a sandbox of it, in which the tool works without a network", async () => {
    const { client } = await engine();
    const stack = imageStack({}, "image");
    let reference = "";
    try {
      stack.configure("base", base);
      await stack.up();
      reference = stack.ids()["reference"] ?? assert.fail("no image");
      const { id = "", outputs } = stack.container();
      assert.equal(outputs["imageId"], stack.ids()["imageId"]);
      const { text } = await inside(client, id, "echo one two two | word-count");
      assert.deepEqual(
        text.split("\n").map((line) => line.trim()),
        ["2 two", "1 one"],
      );
    } finally {
      await stack.destroy();
      if (reference) await client.getImage(reference).remove();
      await stack.end(client);
    }
  });
});
