import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Container, type ContainerArgs, Provider } from "../../sdk";

/** A typical component: the second container uses the id of the first. */
class Component extends pulumi.ComponentResource {
  readonly containers: Container[] = [];
  constructor(name: string, count: number, options?: pulumi.ComponentResourceOptions) {
    super("tests:index:Component", name, {}, options);
    for (let at = 0; at < count; at += 1) {
      const before = this.containers.at(-1);
      const args: ContainerArgs = before ? { name: pulumi.interpolate`after-${before.id}` } : {};
      this.containers.push(new Container(`${name}-${at}`, args, { parent: this }));
    }
    this.registerOutputs();
  }
}

function resolved<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => {
    output.apply(resolve);
  });
}

describe("a program under Pulumi's mocks", () => {
  const registered = new Map<string, Record<string, unknown>>();

  before(() =>
    pulumi.runtime.setMocks({
      call: () => ({}),
      newResource: ({ name, type, inputs }) => {
        registered.set(name, { type, ...inputs });
        return { id: `cntr_${name}`, state: inputs };
      },
    }),
  );

  for (const count of [2, 5]) {
    it(`has components of ${count} containers that use one another's ids`, async () => {
      const { containers } = new Component(`of-${count}`, count);
      const ids = await Promise.all(containers.map(({ id }) => resolved(id)));
      assert.deepEqual(
        ids,
        containers.map((_, at) => `cntr_of-${count}-${at}`),
      );
      assert.equal(registered.get(`of-${count}-1`)?.["name"], `after-cntr_of-${count}-0`);
    });
  }

  it("has containers under a component in a component, and under a container", async () => {
    const outer = new Component("outer", 1);
    const inner = new Component("inner", 2, { parent: outer });
    const parent = inner.containers[0] ?? assert.fail();
    const child = new Container("child", {}, { parent, dependsOn: outer.containers });
    assert.equal(await resolved(child.id), "cntr_child");
    assert.match(String(registered.get("child")?.["__urn"]), /openai-containers:Container\$.+Container::child$/);
  });

  it("has explicit providers, whose settings are text", async () => {
    const provider = new Provider("local", {
      backend: "docker",
      liveness: false,
      requestsPerMinute: 5,
      apiKey: "sk-1",
    });
    await resolved(new Container("with-provider", {}, { provider }).id);
    const { type, "provider:apiKey": apiKey, ...settings } = registered.get("local") ?? {};
    assert.equal(type, "pulumi:providers:pulumi-nodejs");
    assert.deepEqual(settings, {
      "provider:urn": "urn:pulumi:stack::project::pulumi:providers:pulumi-nodejs::local",
      "provider:backend": "docker",
      "provider:liveness": "false",
      "provider:requestsPerMinute": "5",
    });
    assert.match(JSON.stringify(apiKey), /sk-1/);
  });

  it("cannot create a Provider with an unknown argument, or with both dockerHost and dockerContext", () => {
    const args: object = { dockerhost: "unix:///run/docker.sock" };
    assert.throws(
      () => new Provider("misspelt", args),
      /^Error: OC4006: Provider misspelt: unknown argument dockerhost\. Expected one of backend, /,
    );
    assert.throws(
      () => new Provider("both", { dockerHost: "unix:///run/docker.sock", dockerContext: "remote" }),
      /^Error: OC4007: Provider both: /,
    );
  });

  it("passes the import option to the provider as an input, and not to Pulumi", async () => {
    assert.equal(await resolved(new Container("imported", {}, { import: "cntr_1" }).id), "cntr_imported");
    assert.equal(registered.get("imported")?.["__import"], "cntr_1");
    await resolved(new Container("created", {}).id);
    assert.equal("__import" in (registered.get("created") ?? {}), false);
  });

  it("cannot import a container by anything but an id or a name", () => {
    const wrong: [id: unknown, got: string][] = [
      ["", "an empty text"],
      ["two words", '"two words"'],
      ["../files", '"../files"'],
      [7, "a value of type number"],
      [pulumi.output("cntr_1"), "an Output"],
    ];
    for (const [id, got] of wrong) {
      assert.throws(
        () => Reflect.construct(Container, ["imported", {}, { import: id }]),
        ({ message }) =>
          message.includes(
            `OC4001: Container imported: the import option needs the id of a container, and got ${got}. `,
          ),
      );
    }
  });

  it("has null where an output does not apply", async () => {
    const { project, imageId, fileIds, skills, docker } = new Container("plain");
    const all: pulumi.Output<unknown>[] = [project, imageId, fileIds, skills, docker];
    assert.deepEqual(await Promise.all(all.map(resolved)), [null, null, null, null, null]);
  });

  it("accepts null for an optional argument, and each output as an argument", async () => {
    const nothing: unknown = null;
    assert.equal(await resolved(Reflect.construct(Container, ["null", nothing, nothing]).id), "cntr_null");
    const one = new Container("one", { networkPolicy: { type: "allowlist", allowedDomains: ["a.example.com"] } });
    const { memoryLimit, networkPolicy, expiresAfter, fileIds, skills, docker, backend, name } = one;
    const other: ContainerArgs = { memoryLimit, networkPolicy, expiresAfter, fileIds, skills, docker, backend, name };
    assert.equal(await resolved(new Container("other", other).id), "cntr_other");
    assert.deepEqual(registered.get("other")?.["networkPolicy"], registered.get("one")?.["networkPolicy"]);
  });
});
