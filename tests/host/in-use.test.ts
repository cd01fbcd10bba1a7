import assert from "node:assert/strict";
import { expiringDockerBackend, expiringHostedBackend } from "../support/expiring-backend";
import { HostStack } from "../support/host/host-stack";
import { assertLines } from "../support/lines";

/** A backend whose clock advances by 40 seconds after each use. */
async function inUse() {
  const backend = await expiringHostedBackend();
  const use = async (id: string) => {
    await backend.use(id);
    backend.clock.advance(40_000);
  };
  return { ...backend, use };
}

for (const [name, open] of Object.entries({ hosted: inUse, docker: expiringDockerBackend })) {
  describe(`a change that replaces containers (${name})`, function () {
    this.timeout(180_000);
    let backend: Awaited<ReturnType<typeof open>>;
    let stack: HostStack;

    const program = (memoryLimit: string) => {
      const of = (minutes: number) => ({
        ...backend.arguments,
        memoryLimit,
        expiresAfter: { anchor: "last_active_at", minutes },
      });
      return stack.containers({ used: of(backend.maxIdleMinutes), unused: of(backend.maxIdleMinutes), expired: of(1) });
    };

    before(async () => {
      backend = await open();
      stack = new HostStack(backend.env);
      await program("1g").up();
      await backend.expired(stack.idOf("expired"));
      await backend.use(stack.idOf("used"));
    });
    after(() => stack.end(backend.holder).finally(() => backend.stop()));

    it("warns of a container in use and of an expired one, in preview and up, and not of an unused one", async () => {
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
      assert.equal((await backend.inventory(stack.prefix)).length, 3);
    });
  });
}
