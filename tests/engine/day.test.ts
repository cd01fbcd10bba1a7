import assert from "node:assert/strict";
import { type ExpiringBackend, expiringHostedBackend } from "../support/expiring-backend";
import { assertLines } from "../support/lines";
import { Stack } from "../support/stack";
import { upWarnings } from "../support/stack-warnings";

describe("a stack of five containers with several changes between two runs (hosted)", function () {
  this.timeout(180_000);
  let backend: ExpiringBackend;
  let stack: Stack;

  function program(memoryLimit: string): Stack {
    const all = [
      ["idle", 1, "1g"],
      ["forgotten", 1, "1g"],
      ["removed", backend.maxIdleMinutes, "1g"],
      ["changed", backend.maxIdleMinutes, memoryLimit],
      ["untouched", backend.maxIdleMinutes, "1g"],
    ].map(
      ([of, minutes, limit]) =>
        `exports.${of} = new Container("${stack.prefix}-${of}", { memoryLimit: "${limit}", expiresAfter: { anchor: "last_active_at", minutes: ${minutes} }, ${backend.args} }).id;`,
    );
    return stack.program(all.join("\n"));
  }

  before(async () => {
    backend = await expiringHostedBackend();
    stack = new Stack(backend.env);
    program("1g").init();
  });
  after(() => stack.end(backend.holder).finally(() => backend.stop()));

  it("replaces in one plain up only the containers that expired, were removed or changed", async () => {
    await stack.up();
    const before = stack.ids();
    const { idle = "", forgotten = "", removed = "", changed = "" } = before;
    await backend.expired(idle, forgotten);
    await backend.remove(removed);
    await backend.use(changed);

    program("4g");
    const envWithoutExpiry = new Stack(backend.envWithoutExpiry, stack);
    const text = await envWithoutExpiry.up();
    assert.match(text, /\+-4 replaced\n +2 unchanged\n/);
    const expired = /expired \d+ (second|minute)s? ago \(terminated after 1 idle minute\): up replaces it with a new/
      .source;
    assertLines(upWarnings(text), [
      new RegExp(`-changed: OC2006: container ${changed} is in use, last active .* ago: .*loses its files`),
      new RegExp(`-forgotten: OC2001: container ${forgotten} ${expired}`),
      new RegExp(`-idle: OC2001: container ${idle} ${expired}`),
      new RegExp(`-removed: OC2002: container ${removed} is gone: up replaces it with a new, empty container`),
    ]);

    const after = stack.ids();
    const kept = Object.keys(before).filter((of) => before[of] === after[of]);
    assert.deepEqual(kept, ["untouched"]);
    const there = (await backend.inventory(stack.prefix)).sort();
    assert.deepEqual([there, there.length], [Object.values(after).sort(), 5]);
    await backend.assertNoOrphans(stack.prefix, there);
    await envWithoutExpiry.up("--expect-no-changes");
  });
});
