import assert from "node:assert/strict";
import { assertLines } from "../support/lines";
import { Stack } from "../support/stack";
import { upWarnings } from "../support/stack-warnings";
import { hostedTestBackend } from "../support/test-backend";

describe("secrets and ignoreChanges in a program", function () {
  this.timeout(240_000);
  let backend: Awaited<ReturnType<typeof hostedTestBackend>>;
  let stack: Stack;

  before(async () => {
    backend = await hostedTestBackend();
    stack = new Stack(backend.env);
    stack.program("").init();
  });
  after(async () => {
    await stack.end(backend.holder).finally(() => backend.stop());
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

  it("are encrypted in state and in no output when a transform adds them", async () => {
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
    const sent = backend.emulator.requests.filter(({ method }) => method === "POST");
    assert.equal(sent.length, 8, "each was created with its secret, and replaced");
  });

  it("hide the members of a list that is or was secret, and ignored changes that a replacement applies have a warning", async () => {
    const policy = 'networkPolicy: { type: "allowlist", allowedDomains: ["evil.example.com"] }';
    const program = (listed: string, files: string, args: string, more: string) => `
      new Container("listed", { networkPolicy: { type: "allowlist", allowedDomains: [${listed}] } });
      new Container("files", { fileIds: ${files} });
      new Container("ignored", { ${args} }, { ignoreChanges: ["networkPolicy"] });
      new Container("replaced", { ${more} ${args} }, { ignoreChanges: ["networkPolicy"] });
      new Container("timed", {}, { customTimeouts: { create: "4s" } });`;
    stack.program(program('pulumi.secret("canary-1.example.com")', 'pulumi.secret(["file-canary"])', "", ""));
    const made = await stack.up();
    assertLines(upWarnings(made), [/^timed: OC4005: customTimeouts have no effect/]);
    // The domains stay secret, the files no longer are.
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
