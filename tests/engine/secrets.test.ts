import assert from "node:assert/strict";
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
    await stack.program("").init();
  });
  after(async () => {
    await stack.end(place.holder).finally(() => place.stop());
  });

  it("are quoted by no message about a mistake", async () => {
    // What each other argument may hold is tried in tests/unit/normalise.
    stack.program('new Container("words", { memoryLimit: pulumi.secret("CANARY2g") });');
    const { code, text } = await stack.run(["preview"]);
    assert.notEqual(code, 0);
    assert.match(
      text,
      /Container resource 'words' has a problem: memoryLimit: got text of 8 characters, expected "1g", "4g", "16g" or "64g"/,
    );
    assert.doesNotMatch(text, /CANARY/);
  });

  /** A container whose policy comes from a transform of each kind, or of the class. */
  const transformed = (value: string) => `
    const networkPolicy = { type: "allowlist", allowedDomains: ["a.example"], domainSecrets: [{ domain: "a.example", name: "KEY", value: "${value}" }] };
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
    all += await stack.ok("refresh", "--yes", "--diff");
    stack.program(transformed("CANARY-2"));
    const preview = await stack.ok("preview", "--diff");
    const changed = 'OC3002: domain secrets: value changed "KEY for a.example"';
    assert.equal(preview.split(changed).length - 1, 4, preview);
    all += preview + JSON.stringify(await stack.preview());
    all += await stack.up("--diff");
    all += await stack.ok("refresh", "--yes", "--diff");
    all += await stack.ok("stack", "export");
    assert.doesNotMatch(all, /CANARY/);
    const sent = place.emulator.requests.filter(({ method }) => method === "POST");
    assert.equal(sent.length, 8, "each was made with its secret, and again");
  });

  it("name no member of a list that the program makes or made secret", async () => {
    const program = (listed: string, files: string) => `
      new Container("listed", { networkPolicy: { type: "allowlist", allowedDomains: [${listed}] } });
      new Container("files", { fileIds: ${files} });`;
    stack.program(program('pulumi.secret("canary-1.example")', 'pulumi.secret(["file-canary"])'));
    let all = await stack.up();
    // One stays a secret, and one is none any more.
    stack.program(program('pulumi.secret("canary-2.example")', '["file-public"]'));
    const text = await stack.ok("preview", "--diff");
    assert.match(text, /OC3001: allowed domains: changed \(secret\)/);
    assert.match(text, /OC3006: files: changed \(secret\)/);
    all += text + (await stack.up("--diff"));
    assert.doesNotMatch(all, /canary/);
  });

  it("say what a replacement takes from the program although ignoreChanges keeps it", async () => {
    const program = (args: string) => `new Container("kept", { ${args} }, { ignoreChanges: ["networkPolicy"] });`;
    stack.program(program(""));
    await stack.up();
    const networkPolicy = 'networkPolicy: { type: "allowlist", allowedDomains: ["evil.example"] }';
    stack.program(program(networkPolicy));
    assert.match(await stack.ok("preview", "--expect-no-changes"), /2 unchanged/);
    stack.program(program(`memoryLimit: "4g", ${networkPolicy}`));
    const text = await stack.ok("preview", "--diff");
    assert.match(
      text,
      /warning: ignoreChanges does not hold for a replacement: it takes networkPolicy from the program/,
    );
    assert.match(text, /OC3001: allowed domains: now reachable "evil\.example"/);
  });

  it("are no secret where they are time limits, which have no effect and say so", async () => {
    stack.program('new Container("timed", {}, { customTimeouts: { create: "4s" } });');
    assert.deepEqual(warned(await stack.up()), [
      "timed: customTimeouts have no effect: Pulumi does not hand them to dynamic providers",
    ]);
  });
});
