import assert from "node:assert/strict";
import { removeContainer } from "../../provider/backends/docker/engine/remove";
import { engineWith } from "../support/engine-with";

describe("the removal of a container", () => {
  const answering = (...statuses: number[]) => {
    let asked = 0;
    const remove = async () => {
      const statusCode = statuses[asked++] ?? 404;
      if (statusCode >= 400) throw Object.assign(new Error("no"), { statusCode });
    };
    return { engine: engineWith({ getContainer: () => ({ remove }) }), asked: () => asked };
  };

  it("waits for somebody else's to come to its end", async () => {
    const { engine, asked } = answering(409, 409, 404);
    await removeContainer(engine, "cntr_1");
    assert.equal(asked(), 3);
  });

  it("is done where it is gone already, and once where it is there", async () => {
    for (const status of [404, 204]) {
      const { engine, asked } = answering(status);
      await removeContainer(engine, "cntr_1");
      assert.equal(asked(), 1);
    }
  });

  it("fails with any other refusal", async () => {
    await assert.rejects(removeContainer(answering(500).engine, "cntr_1"), { statusCode: 500 });
  });
});
