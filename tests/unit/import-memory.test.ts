import assert from "node:assert/strict";
import { memoryRefusal } from "../../provider/backends/docker/import/foreign";
import { memoryLimitFrom } from "../../provider/backends/docker/sandbox/container-spec";

const gib = 2 ** 30;

describe("the memory limit of a container that docker run created", () => {
  const refusals: [what: string, memory: number, swap: number, clause: string][] = [
    ["is absent", 0, 0, "it has no memory limit (docker update --memory 1g"],
    ["is absent, as that of swap is", 0, -1, "it has no memory limit (docker update"],
    ["is no tier", 3 * gib, 3 * gib, "its memory is limited to 3221225472 bytes, and not to 1g, 4g"],
    ["does not include swap", gib, 2 * gib, "its memory is limited to 1073741824 bytes, 2147483648 with swap, and not"],
  ];
  for (const [what, memory, swap, clause] of refusals) {
    it(`is refused where it ${what}`, () => {
      const memoryLimit = memoryLimitFrom(memory, swap);
      const [refusal = ""] = memoryRefusal({ id: "x", name: "box", status: "running", createdAt: 0, memoryLimit });
      assert.ok(refusal.startsWith(clause), refusal);
    });
  }

  it("is accepted where it is a tier with swap included", () => {
    const memoryLimit = memoryLimitFrom(4 * gib, 4 * gib);
    assert.deepEqual(memoryRefusal({ id: "x", name: "box", status: "running", createdAt: 0, memoryLimit }), []);
  });
});
