import assert from "node:assert/strict";
import { removeContainer } from "../../provider/backends/docker/engine/remove-container";
import { engineWith } from "../support/engine-with";

describe("removeContainer", () => {
  const answering = (...statuses: number[]) => {
    let count = 0;
    const remove = async () => {
      const statusCode = statuses[count++] ?? 404;
      if (statusCode >= 400) throw Object.assign(new Error("no"), { statusCode });
    };
    return { engine: engineWith({ getContainer: () => ({ remove }) }), count: () => count };
  };

  it("waits for a removal by another client", async () => {
    const { engine, count } = answering(409, 409, 404);
    await removeContainer(engine, "cntr_1");
    assert.equal(count(), 3);
  });

  it("sends one request, whether the container exists or not", async () => {
    for (const status of [404, 204]) {
      const { engine, count } = answering(status);
      await removeContainer(engine, "cntr_1");
      assert.equal(count(), 1);
    }
  });

  it("throws every other refusal", async () => {
    await assert.rejects(removeContainer(answering(500).engine, "cntr_1"), { statusCode: 500 });
  });
});
