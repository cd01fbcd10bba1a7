import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { SandboxImage } from "../../sdk/docker";

const digest = `sha256:${"a".repeat(64)}`;

function resolved<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => {
    output.apply(resolve);
  });
}

describe("SandboxImage under Pulumi's mocks", () => {
  const registered = new Map<string, Record<string, unknown>>();
  const calls: unknown[] = [];

  before(() =>
    pulumi.runtime.setMocks({
      call: ({ token, inputs }) => {
        calls.push(token, inputs);
        if (/no-such/.test(JSON.stringify(inputs))) throw new Error(`${JSON.stringify(inputs)}: 404`);
        return { sha256Digest: digest };
      },
      newResource: ({ name, type, inputs, provider }) => {
        registered.set(`${type} ${name}`, { ...inputs, provider });
        const recorded = name.startsWith("moved") ? { name: "ghcr.io/hidden/tools@sha256:0" } : {};
        return { id: `id of ${name}`, state: { ...inputs, ...recorded, imageId: "sha256:1", repoDigest: "sha256:2" } };
      },
    }),
  );
  beforeEach(() => {
    registered.clear();
    calls.length = 0;
  });

  const remote = (name: string) => registered.get(`docker:index/remoteImage:RemoteImage ${name}`) ?? assert.fail();

  it("pulls a tag by the digest that the registry has for it", async () => {
    const { imageId, reference } = new SandboxImage("tagged", { reference: "registry.example.com:5000/acme/tools:2" });
    assert.deepEqual(await Promise.all([resolved(imageId), resolved(reference)]), [
      "sha256:1",
      `registry.example.com:5000/acme/tools@${digest}`,
    ]);
    assert.deepEqual(calls, [
      "docker:index/getRegistryImage:getRegistryImage",
      { name: "registry.example.com:5000/acme/tools:2" },
    ]);
    const { name, keepLocally, triggers } = remote("tagged");
    assert.deepEqual(
      { name, keepLocally, triggers },
      {
        name: `registry.example.com:5000/acme/tools@${digest}`,
        keepLocally: true,
        triggers: { reference: "registry.example.com:5000/acme/tools:2", engine: "" },
      },
    );
  });

  it("asks no registry for an image with a digest, also one that is an Output", async () => {
    const other = `sha256:${"b".repeat(64)}`;
    const { reference } = new SandboxImage("digest", { reference: pulumi.output(`python:3.12-slim@${other}`) });
    assert.equal(await resolved(reference), `python@${other}`);
    assert.deepEqual(calls, []);
  });

  it("builds without a push, by a name that is its own on the engine", async () => {
    const { imageId, reference } = new SandboxImage("My Tools", { build: { base: "debian:12-slim", apt: ["jq"] } });
    assert.equal(await resolved(imageId), "sha256:2");
    assert.match(await resolved(reference), /^sandbox-image\/my-tools:[\da-f]{12}$/);
    const { build, skipPush, buildOnPreview } = registered.get("docker:index/image:Image My Tools") ?? {};
    assert.deepEqual([skipPush, buildOnPreview], [true, false]);
    assert.match(
      JSON.stringify(build),
      /^{"context":"(node_modules\/.cache\/pulumi-openai-containers\/[\da-f]{16})","dockerfile":"\1\/Dockerfile"}$/,
    );
  });

  it("creates a docker.Provider of its own, whose credentials are a secret", async () => {
    const auth = { address: "registry.example.com", username: "reader", password: "not-to-be-seen" };
    const image = new SandboxImage("private", { reference: "registry.example.com/tools:1", registryAuth: [auth] });
    await resolved(image.imageId);
    const provider = registered.get("pulumi:providers:docker private") ?? assert.fail();
    assert.match(String(remote("private")["provider"]), /providers:docker::private::id of private$/);
    assert.deepEqual(Object.keys(Object(provider["registryAuth"])).length, 2); // the mark of a secret, and the value
    assert.equal(provider["context"], "");
  });

  it("warns of a tag that has moved, and does not show a secret reference", async () => {
    const warnings: string[] = [];
    const { warn } = console;
    console.warn = (text: string) => warnings.push(text);
    try {
      for (const [name, reference] of [
        ["moved", "ghcr.io/hidden/tools:1"],
        ["moved-secret", pulumi.secret("ghcr.io/hidden/tools:1")],
      ] as const) {
        await resolved(new SandboxImage(name, { reference }).imageId);
        await new Promise(setImmediate);
      }
    } finally {
      console.warn = warn;
    }
    const [open = "", secret = "", ...more] = warnings;
    assert.deepEqual(more, []);
    assert.match(
      open,
      /OC4104: ghcr\.io\/hidden\/tools:1 moved in its registry from sha256:0 to sha256:a+: this stack/,
    );
    assert.match(
      secret,
      /OC4104: the secret reference of SandboxImage moved-secret moved in its registry: this stack keeps/,
    );
    assert.match(secret, /`pulumi up --replace 'urn:pulumi:[^']*::moved-secret'`\.$/);
    assert.doesNotMatch(secret, /hidden|sha256/);
  });

  it("uses the docker.Provider of its options, and refuses registryAuth beside it", async () => {
    const mine = new docker.Provider("mine", { host: "unix:///run/other.sock" });
    for (const options of [{ provider: mine }, { providers: [mine] }]) {
      registered.clear();
      await resolved(new SandboxImage("given", { reference: `python@${digest}` }, options).imageId);
      assert.match(String(remote("given")["provider"]), /providers:docker::mine::/);
      assert.ok(!registered.has("pulumi:providers:docker given"));
    }
    assert.throws(
      () => new SandboxImage("both", { reference: "python:3.12", registryAuth: [] }, { provider: mine }),
      /OC4107: SandboxImage both: registryAuth has no effect beside a docker\.Provider/,
    );
  });

  it("creates nothing where its arguments are invalid", async () => {
    assert.throws(
      () => new SandboxImage("wrong", { build: { pip: ["pandas"] } }),
      /^Error: OC4102: SandboxImage wrong got invalid arguments: build\.pip\[0\]: got text of 6 characters, expected a Python package/,
    );
    await new Promise(setImmediate);
    assert.deepEqual([...registered.keys()], []);
  });

  it("names a file that cannot be read, and its argument", () => {
    assert.throws(
      () => new SandboxImage("missing", { build: { base: "debian:12", files: { "/opt/a": "./no-such-file" } } }),
      /OC4106: SandboxImage missing: cannot read \.\/no-such-file \(build\.files\["\/opt\/a"\]\): ENOENT/,
    );
    assert.throws(
      () => new SandboxImage("missing", { dockerfile: "./no-such/Dockerfile" }),
      /OC4106: SandboxImage missing: cannot read \.\/no-such\/Dockerfile \(dockerfile\): ENOENT/,
    );
  });
});

describe("SandboxImage in a preview with unknown values, under Pulumi's mocks", () => {
  const names = new Map<string, unknown>();

  before(() =>
    pulumi.runtime.setMocks(
      {
        call: () => ({}), // as of a provider that is not configured yet
        newResource: ({ name, type, inputs }) => {
          if (type === "docker:index/remoteImage:RemoteImage") names.set(name, inputs.name);
          return { id: name, state: inputs };
        },
      },
      "project",
      "stack",
      true,
    ),
  );

  /** Whether an output is known, once it is settled. */
  async function isKnown(output: pulumi.Output<string>): Promise<unknown> {
    return Reflect.get(output, "isKnown");
  }

  it("passes an unknown reference on, and an unknown digest", async () => {
    const unknown = Reflect.construct(SandboxImage, ["unknown", { reference: pulumi.output(pulumi.unknown) }]);
    const unconfigured = new SandboxImage("unconfigured", { reference: "python:3.12" });
    for (const image of [unknown, unconfigured]) assert.equal(await isKnown(image.imageId), false);
    assert.deepEqual([...names.keys()].sort(), ["unconfigured", "unknown"]);
    for (const name of names.values()) assert.ok(pulumi.isUnknown(name));
  });
});

describe("SandboxImage under the mocks of docs/sandbox-image.md", () => {
  const page = readFileSync(join(__dirname, "../../docs/sandbox-image.md"), "utf8");
  const example = /```ts\n(const digest = [\s\S]*?)```/.exec(page)?.[1] ?? assert.fail();

  before(() => {
    new Function("pulumi", example)(pulumi);
  });

  it("has an image id and a reference, whether it is pinned or built", async () => {
    const pinned = new SandboxImage("pinned", { reference: "python:3.12" });
    assert.deepEqual(await Promise.all([resolved(pinned.imageId), resolved(pinned.reference)]), [
      digest,
      `python@${digest}`,
    ]);
    const built = new SandboxImage("built", { build: { base: "debian:12" } });
    assert.equal(await resolved(built.imageId), digest);
    assert.match(await resolved(built.reference), /^sandbox-image\/built:/);
  });
});
