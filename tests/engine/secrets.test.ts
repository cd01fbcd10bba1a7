import assert from "node:assert/strict";
import { assertLines } from "../support/lines";
import { hostedPlace } from "../support/place";
import { Stack } from "../support/stack";
import { warned } from "../support/told";

describe("secrets in a program, and what it ignores", function () {
  this.timeout(240_000);
  let place: Awaited<ReturnType<typeof hostedPlace>>;
  let stack: Stack;

  before(async () => {
    place = await hostedPlace();
    stack = new Stack(place.env);
    stack.program("").init();
  });
  after(async () => {
    await stack.end(place.holder).finally(() => place.stop());
  });

  /** A container whose policy comes from a transform of each kind, or of the class. */
  const transformed = (value: string) => `
    const networkPolicy = { type: "allowlist", allowedDomains: ["a.example.com"], domainSecrets: [{ domain: "a.example.com", name: "KEY", value: "${value}" }] };
    const change = ({ props, opts }) => ({ props: { ...props, networkPolicy }, opts });
    pulumi.runtime.registerStackTransformation((args) => args.name === "stack-transformation" ? change(args) : undefined);
    new Container("stack-transformation");
    new Container("transformation", {}, { transformations: [change] });
    new Container("transform", {}, { transforms: [change] });
    const plain = new Container("plain", { networkPolicy });
    exports.policy = plain.networkPolicy;`;

  it("are encrypted in state and shown nowhere where a transform adds them", async () => {
    stack.program(transformed("CANARY-1"));
    let all = await stack.up("--diff");
    all += await stack.ok("refresh", "--yes", "--skip-preview", "--diff");
    stack.program(transformed("CANARY-2"));
    const preview = await stack.ok("preview", "--diff");
    const changed = 'OC3002: domain secrets: value changed "KEY for a.example.com"';
    assert.equal(preview.split(changed).length - 1, 4, preview);
    all += preview + (await stack.up("--diff"));
    all += await stack.ok("stack", "export");
    assert.doesNotMatch(all, /CANARY/);
    const sent = place.emulator.requests.filter(({ method }) => method === "POST");
    assert.equal(sent.length, 8, "each was made with its secret, and again");
  });

  it("name no member of a list that the program makes or made secret, nor what a replacement takes although ignored", async () => {
    const policy = 'networkPolicy: { type: "allowlist", allowedDomains: ["evil.example.com"] }';
    const program = (listed: string, files: string, args: string, more: string) => `
      new Container("listed", { networkPolicy: { type: "allowlist", allowedDomains: [${listed}] } });
      new Container("files", { fileIds: ${files} });
      new Container("ignored", { ${args} }, { ignoreChanges: ["networkPolicy"] });
      new Container("replaced", { ${more} ${args} }, { ignoreChanges: ["networkPolicy"] });
      new Container("timed", {}, { customTimeouts: { create: "4s" } });`;
    stack.program(program('pulumi.secret("canary-1.example.com")', 'pulumi.secret(["file-canary"])', "", ""));
    const made = await stack.up();
    assertLines(warned(made), [/^timed: OC4005: customTimeouts have no effect/]);
    // One stays a secret, and one is none any more.
    stack.program(program('pulumi.secret("canary-2.example.com")', '["file-public"]', policy, 'memoryLimit: "4g",'));
    const text = await stack.ok("preview", "--diff");
    assert.match(text, /OC3001: allowed domains: changed \(secret\)/);
    assert.match(text, /OC3006: files: changed \(secret\)/);
    const warning =
      /warning: OC2008: ignoreChanges does not apply to a replacement: it takes networkPolicy from the program/g;
    assert.equal(text.match(warning)?.length, 1, text);
    assert.match(text, /OC3001: allowed domains: now reachable "evil\.example\.com"/);
    assert.match(text, /\+-3 to replace\s+3 unchanged/);
    assert.doesNotMatch(made + text, /canary/);
  });
});
