import assert from "node:assert/strict";
import { idleDockerPlace, idleHostedPlace } from "../support/idle-place";
import { Stack } from "../support/stack";
import { previewed, warned } from "../support/told";

const opened = { hosted: inUse, docker: idleDockerPlace };

/** Where what was used was used 40 seconds ago. */
async function inUse() {
  const place = await idleHostedPlace();
  const use = async (id: string) => {
    await place.use(id);
    place.clock.advance(40_000);
  };
  return { ...place, use };
}

for (const [name, open] of Object.entries(opened)) {
  describe(`a change that replaces containers (${name})`, function () {
    this.timeout(120_000);
    let place: Awaited<ReturnType<typeof open>>;
    let stack: Stack;

    const program = (memoryLimit: string) =>
      stack.program(
        [
          ["used", place.longest],
          ["unused", place.longest],
          ["expired", 1],
        ]
          .map(
            ([of, minutes]) =>
              `exports.${of} = new Container("${stack.prefix}-${of}", { memoryLimit: "${memoryLimit}", expiresAfter: { anchor: "last_active_at", minutes: ${minutes} }, ${place.args} }).id;`,
          )
          .join("\n"),
      );

    before(async () => {
      place = await open();
      stack = new Stack(place.env);
      await program("1g").init();
      await stack.up();
    });
    after(() => stack.end(place.holder).finally(() => place.stop()));

    it("warns of the one that is in use, in preview and up, of one that expired as such, and not of one that nobody has used", async () => {
      const { used, expired } = JSON.parse(await stack.ok("stack", "output", "--json"));
      await place.expired(expired);
      await place.use(used);
      program("4g");
      const ago = name === "docker" ? /\d+ seconds? ago/ : "40 seconds ago";
      const plain = (line: string) => line.replace(stack.prefix, "stack").replace(ago, "… ago");
      const lines = [
        `stack-expired: container ${expired} expired … ago (terminated after 1 idle minute): up replaces it with a new, empty container`,
        `stack-used: container ${used} is in use, last active … ago: replacing it loses its files under /mnt/data, its processes and what was installed in it`,
      ];
      const preview = await stack.preview();
      assert.deepEqual(previewed(preview).map(plain), lines);
      const reasons = preview.steps.flatMap(({ op, replaceReasons }) =>
        op === "same" ? [] : [String([op, ...(replaceReasons ?? []).sort()])],
      );
      // Pulumi tells of containers in no order, nor of the reasons for one.
      assert.deepEqual(reasons.sort(), ["replace,expired,memoryLimit", "replace,memoryLimit", "replace,memoryLimit"]);
      const details = preview.steps.flatMap(({ op, detailedDiff }) => (op === "same" ? [] : [detailedDiff]));
      assert.deepEqual(details, Array(3).fill({ memoryLimit: { kind: "update" } }));
      const text = await stack.up();
      assert.deepEqual(warned(text).map(plain), lines);
      assert.match(text, /\+-3 replaced/);
    });
  });
}
