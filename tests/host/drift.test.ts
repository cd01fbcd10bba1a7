import assert from "node:assert/strict";
import { type Drifting, driftingDocker, driftingHosted } from "../support/drifting";
import { HostStack } from "../support/host/host-stack";
import { assertLines } from "../support/lines";

for (const [name, open] of Object.entries({ hosted: driftingHosted, docker: driftingDocker })) {
  describe(`containers with drift (${name})`, function () {
    this.timeout(180_000);
    let backend: Drifting;
    let stack: HostStack;
    let ids: Record<string, string>;
    const same = { op: "same", reasons: [], changed: [] };
    /** The arguments that differ, each the only one of its container. */
    const drifted = () => Object.entries(backend.live).map(([of, live]) => [of, Object.keys(live)] as const);

    before(async () => {
      backend = await open();
      stack = new HostStack(backend.env);
      const of = (minutes: number, more = {}) => ({
        ...backend.arguments,
        expiresAfter: { anchor: "last_active_at", minutes },
        ...more,
      });
      const changed = Object.entries(backend.changed).map(([key, args]) => [key, of(backend.maxIdleMinutes, args)]);
      const program = { same: of(backend.maxIdleMinutes), expired: of(1), ...Object.fromEntries(changed) };
      await stack.containers(program).up();
      ids = Object.fromEntries([...stack.resources].map(([key, { id }]) => [key, id]));
      await backend.drift(ids);
    });
    after(() => backend.end(stack, ids));

    it("have only the changed properties updated by a refresh, which drops an expired container with a warning", async () => {
      const { steps, warnings } = await stack.refresh();
      const updates = drifted().map(([of, changed]) => [of, { op: "update", reasons: [], changed }]);
      const deleted = { op: "delete", reasons: [], changed: [] };
      assert.deepEqual(steps, { same, expired: deleted, ...Object.fromEntries(updates) });
      for (const [of, live] of Object.entries(backend.live)) {
        const { inputs = {}, outputs = {} } = stack.resources.get(of) ?? {};
        for (const [key, value] of Object.entries(live)) assert.deepEqual([inputs[key], outputs[key]], [value, value]);
      }
      assertLines(warnings, [
        new RegExp(
          `^expired: OC2001: container ${ids["expired"]} expired \\d+ (second|minute)s? ago \\(terminated after 1 idle minute\\): dropped from state$`,
        ),
      ]);
    });

    it("are replaced by the next up, for the changed arguments only", async () => {
      const { steps } = await stack.preview();
      const replaced = drifted().map(([of, changed]) => [of, { op: "replace", reasons: changed, changed }]);
      const created = { op: "create", reasons: [], changed: [] };
      assert.deepEqual(steps, { same, expired: created, ...Object.fromEntries(replaced) });
    });
  });
}
