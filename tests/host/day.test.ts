import assert from "node:assert/strict";
import { type ExpiringBackend, expiringBackends } from "../support/expiring-backend";
import { HostStack } from "../support/host/host-stack";
import { assertLines } from "../support/lines";

const expired = /expired \d+ (second|minute)s? ago \(terminated after 1 idle minute\): up replaces it with a new/
  .source;

for (const [name, open] of Object.entries(expiringBackends)) {
  describe(`a stack of five containers with several changes between two runs (${name})`, function () {
    this.timeout(180_000);
    let backend: ExpiringBackend;
    let stack: HostStack;

    function program(memoryLimit: string): HostStack {
      const of = (minutes: number, limit = "1g") => ({
        ...backend.arguments,
        memoryLimit: limit,
        expiresAfter: { anchor: "last_active_at", minutes },
      });
      return stack.containers({
        idle: of(1),
        forgotten: of(1),
        removed: of(backend.maxIdleMinutes),
        changed: of(backend.maxIdleMinutes, memoryLimit),
        untouched: of(backend.maxIdleMinutes),
      });
    }

    before(async () => {
      backend = await open();
      stack = new HostStack(backend.env);
    });
    after(() => stack.end(backend.holder).finally(() => backend.stop()));

    it("replaces in one up only the containers that expired, were removed or changed", async () => {
      await program("1g").up();
      const old = new Map([...stack.resources].map(([name, { id }]) => [name, id]));
      await backend.expired(stack.idOf("idle"), stack.idOf("forgotten"));
      await backend.remove(stack.idOf("removed"));
      await backend.use(stack.idOf("changed"));

      stack.env = backend.envWithoutExpiry;
      const { steps, warnings } = await program("4g").up();
      const gone = { op: "replace", changed: [] };
      assert.deepEqual(steps, {
        idle: { ...gone, reasons: ["expired"] },
        forgotten: { ...gone, reasons: ["expired"] },
        removed: { ...gone, reasons: ["gone"] },
        changed: { op: "replace", reasons: ["memoryLimit"], changed: ["memoryLimit"] },
        untouched: { op: "same", reasons: [], changed: [] },
      });
      assertLines(warnings, [
        new RegExp(
          `^changed: OC2006: container ${old.get("changed")} is in use, last active .* ago: .*loses its files`,
        ),
        new RegExp(`^forgotten: OC2001: container ${old.get("forgotten")} ${expired}`),
        new RegExp(`^idle: OC2001: container ${old.get("idle")} ${expired}`),
        new RegExp(
          `^removed: OC2002: container ${old.get("removed")} is gone: up replaces it with a new, empty container`,
        ),
      ]);
      const now = [...stack.resources.values()].map(({ id }) => id);
      assert.deepEqual((await backend.inventory(stack.prefix)).sort(), now.sort());
      await backend.assertNoOrphans(stack.prefix, now);
      const again = await stack.up();
      assert.deepEqual(new Set(Object.values(again.steps).map(({ op }) => op)), new Set(["same"]));
    });
  });
}
