import assert from "node:assert/strict";
import { containersNamed, engine, image } from "../support/docker";
import { HostStack } from "../support/host/host-stack";
import { assertLines } from "../support/lines";

describe("a create that fails", function () {
  this.timeout(180_000);

  it("leaves nothing in state or on the engine, and succeeds in the next up once its argument is corrected", async () => {
    const { client } = await engine();
    const stack = new HostStack({});
    const program = (image: string) => stack.containers({ box: { backend: "docker", docker: { image } } });
    try {
      const { problems } = await program("127.0.0.1:1/none:never").up();
      assertLines(problems["box"] ?? [], [/^OC2606: .*"127\.0\.0\.1:1\/none:never"/]);
      assert.deepEqual([...stack.resources], []);
      assert.deepEqual(await containersNamed(client, stack.prefix), []);
      assert.deepEqual((await program(image).up()).problems, {});
      assert.equal(stack.resources.get("box")?.outputs["status"], "running");
    } finally {
      await stack.end(client);
    }
  });
});
