import assert from "node:assert/strict";
import { HostStack } from "../support/host/host-stack";
import { idleDockerPlace, idleHostedPlace } from "../support/idle-place";
import { assertLines } from "../support/lines";

/** Where what was used was used 40 seconds ago. */
async function inUse() {
  const place = await idleHostedPlace();
  const use = async (id: string) => {
    await place.use(id);
    place.clock.advance(40_000);
  };
  return { ...place, use };
}

for (const [name, open] of Object.entries({ hosted: inUse, docker: idleDockerPlace })) {
  describe(`a change that replaces containers (${name})`, function () {
    this.timeout(60_000);
    let place: Awaited<ReturnType<typeof open>>;
    let stack: HostStack;

    const program = (memoryLimit: string) => {
      const of = (minutes: number) => ({
        ...place.arguments,
        memoryLimit,
        expiresAfter: { anchor: "last_active_at", minutes },
      });
      return stack.containers({ used: of(place.longest), unused: of(place.longest), expired: of(1) });
    };

    before(async () => {
      place = await open();
      stack = new HostStack(place.env);
      await program("1g").up();
      await place.expired(stack.idOf("expired"));
      await place.use(stack.idOf("used"));
    });
    after(() => stack.end(place.holder).finally(() => place.stop()));

    it("warns of the container that is in use, in preview and up, of an expired one as such, and not of an unused one", async () => {
      const ago = name === "docker" ? "\\d+ seconds? ago" : "40 seconds ago";
      const lines = [
        new RegExp(`^expired: OC2001: container ${stack.idOf("expired")} expired .* ago \\(.*1 idle minute\\)`),
        new RegExp(`^used: OC2006: container ${stack.idOf("used")} is in use, last active ${ago}: .*loses its files`),
      ];
      const preview = await program("4g").preview();
      assertLines(preview.warnings, lines);
      const plain = { op: "replace", reasons: ["memoryLimit"], changed: ["memoryLimit"] };
      assert.deepEqual(preview.steps, {
        used: plain,
        unused: plain,
        expired: { ...plain, reasons: ["expired", "memoryLimit"] },
      });
      const up = await stack.up();
      assertLines(up.warnings, lines);
      assert.equal((await place.inventory(stack.prefix)).length, 3);
    });
  });
}
