import assert from "node:assert/strict";
import { type Drifting, driftingHosted } from "../support/drifting";
import { Stack } from "../support/stack";

describe("a refresh of containers with drift", function () {
  this.timeout(300_000);
  let backend: Drifting;
  let stack: Stack;
  let ids: Record<string, string>;

  before(async () => {
    backend = await driftingHosted();
    stack = new Stack(backend.env);
    const make = (of: string, minutes: number, args = {}) => {
      const all = { ...args, expiresAfter: { anchor: "last_active_at", minutes } };
      return `exports.${of} = new Container("${stack.prefix}-${of}", ${JSON.stringify(all)}).id;`;
    };
    const changed = Object.entries(backend.changed).map(([of, args]) => make(of, backend.maxIdleMinutes, args));
    stack.program([make("same", backend.maxIdleMinutes), make("expired", 1), ...changed].join("\n")).init();
    await stack.up();
    ids = stack.ids();
    await backend.drift(ids);
  });
  after(() => backend.end(stack, ids));

  it("shows only the changed properties, and an expired container as deleted", async () => {
    const text = await stack.ok("refresh", "--yes", "--skip-preview", "--diff");
    assert.doesNotMatch(text, /is in use|up replaces/); // a refresh replaces nothing
    const why = /expired \d+ (second|minute)s? ago \(terminated after 1 idle minute\)/.source;
    assert.match(text, new RegExp(`warning: OC2001: container ${ids["expired"]} ${why}: dropped from state\n`));
    const { expired = [], ...others } = shown(text);
    assert.deepEqual(others, {
      tier: ['~ memoryLimit: "1g" => "4g"'],
      named: ['~ name: "as made" => "as changed"'],
      policy: ["~ networkPolicy: {", "~ allowedDomains: [", '+ [1]: "b.example.com"'],
    });
    assert.equal(expired[0], "(delete)");
    assert.match(text, /~ 3 updated\n +- 1 deleted\n.* 2 unchanged\n/);
  });

  /** The lines about changes in the output, by resource; the first line of a deleted one says so. */
  function shown(text: string): Record<string, string[]> {
    const changes = text.slice(0, text.indexOf("\nResources:"));
    const blocks = changes.split(/^ {4}[-~] pulumi-nodejs:\S+ /m).slice(1);
    return Object.fromEntries(
      blocks.map((block) => {
        const of = new RegExp(`::${stack.prefix}-(\\S+)\\]`).exec(block)?.[1];
        const signs = block
          .split("\n")
          .map((line) => line.trim())
          .filter((line) => /^([-~+] |\(delete\))/.test(line));
        return [of, signs];
      }),
    );
  }
});
