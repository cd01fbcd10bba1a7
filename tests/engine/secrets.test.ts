import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Stack } from "../support/stack";
import { hostedTestBackend } from "../support/test-backend";

const evil = 'networkPolicy: { type: "allowlist", allowedDomains: ["evil.example.com"] }';

/** The secrets of a program, and the arguments that it sets in spite of ignoreChanges. */
interface Version {
  value: string;
  domain: string;
  files: string;
  ignored: string;
  replaced: string;
}
const first: Version = {
  value: "CANARY-1",
  domain: "canary-1.example.com",
  files: 'pulumi.secret(["file-canary"])',
  ignored: "",
  replaced: "",
};
// The domains stay secret, the files no longer are.
const second: Version = {
  value: "CANARY-2",
  domain: "canary-2.example.com",
  files: '["file-public"]',
  ignored: evil,
  replaced: `memoryLimit: "4g", ${evil}`,
};

/** Containers whose policy comes from a transform of each kind or of the class, and others with secret arguments. */
function program({ value, domain, files, ignored, replaced }: Version): string {
  return `
    const networkPolicy = { type: "allowlist", allowedDomains: ["a.example.com"], domainSecrets: [{ domain: "a.example.com", name: "KEY", value: "${value}" }] };
    const change = ({ props, opts }) => ({ props: { ...props, networkPolicy }, opts });
    pulumi.runtime.registerStackTransformation((args) => args.name === "stack-transformation" ? change(args) : undefined);
    new Container("stack-transformation");
    new Container("transformation", {}, { transformations: [change] });
    new Container("transform", {}, { transforms: [change] });
    const plain = new Container("plain", { networkPolicy });
    exports.policy = plain.networkPolicy;

    new Container("named", { name: pulumi.secret("CANARY name") });
    new Container("listed", { networkPolicy: { type: "allowlist", allowedDomains: [pulumi.secret("${domain}")] } });
    new Container("files", { fileIds: ${files} });
    new Container("ignored", { ${ignored} }, { ignoreChanges: ["networkPolicy"] });
    new Container("replaced", { ${replaced} }, { ignoreChanges: ["networkPolicy"] });
    new Container("timed", {}, { customTimeouts: { create: "4s" } });`;
}

describe("secrets and ignoreChanges in a program", function () {
  this.timeout(300_000);
  let backend: Awaited<ReturnType<typeof hostedTestBackend>>;
  let stack: Stack;
  let text = "";
  let preview = "";
  let created: number[] = [];

  /** How many of the containers were created with a domain secret of this value. */
  const createdWith = ({ value }: Version) =>
    backend.emulator.containers().filter(({ id }) => JSON.stringify(backend.emulator.bodyOf(id)).includes(value))
      .length;

  before(async () => {
    backend = await hostedTestBackend();
    stack = new Stack(backend.env);
    stack.program(program(first)).init();
    const up = await stack.up("--diff");
    created = [createdWith(first)];
    assert.deepEqual(up.match(/warning: OC\d+: \w+/g), ["warning: OC4005: customTimeouts"]);
    const refresh = await stack.ok("refresh", "--yes", "--skip-preview", "--diff", "--expect-no-changes");
    stack.program(program(second));
    preview = await stack.ok("preview", "--diff");
    text = up + refresh + preview + (await stack.up("--diff"));
    created.push(createdWith(first), createdWith(second));
  });
  after(() => stack.end(backend.holder).finally(() => backend.stop()));

  it("are sent to the API, also when a transform adds them, and once more when they change", () => {
    assert.deepEqual(created, [4, 0, 4]);
    const changed = 'OC3002: domain secrets: value changed "KEY for a.example.com"';
    assert.equal(preview.split(changed).length - 1, 4, preview);
  });

  it("are in clear neither in the output of up, refresh and preview nor in the files of state", () => {
    assert.doesNotMatch(text, /canary/i);
    const folder = join(stack.folder, "state");
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    for (const { parentPath, name } of files) {
      assert.doesNotMatch(readFileSync(join(parentPath, name), "utf8"), /canary/i, name);
    }
    const named = stack.containers().find(({ urn }) => urn.endsWith("::named"));
    for (const side of [named?.inputs, named?.outputs]) {
      assert.match(JSON.stringify(side?.["name"]), /"ciphertext":"/, "it is there, encrypted");
    }
  });

  it("hide the members of a list that is or was secret", () => {
    assert.match(preview, /OC3001: allowed domains: changed \(secret\)/);
    assert.match(preview, /OC3006: files: changed \(secret\)/);
  });

  it("are accompanied by a warning of ignored changes that a replacement applies", () => {
    const warning =
      /warning: OC2008: ignoreChanges does not apply to a replacement: it takes networkPolicy from the program/g;
    assert.equal(preview.match(warning)?.length, 1, preview);
    assert.match(preview, /OC3001: allowed domains: now reachable "evil\.example\.com"/);
    assert.match(preview, /\+-7 to replace\s+4 unchanged/);
  });
});
