import assert from "node:assert/strict";
import { Stack } from "../support/stack";
import { type TestBackend, testBackends } from "../support/test-backend";

/** Components of two and of five containers, nested components, and a container under a container. */
function program(prefix: string, onEngine: string): string {
  return `
    /** The component of five uses Docker, all others the hosted API. */
    const argsOf = (name) => (name.startsWith("five") ? { ${onEngine} } : {});
    class Component extends pulumi.ComponentResource {
      constructor(name, build, options) {
        super("tests:index:" + build.name, name, {}, options);
        this.of = (child, more = {}, options = {}) =>
          new Container("${prefix}-" + name + "-" + child, { ...argsOf(name), ...more }, { parent: this, ...options });
        build(this);
        this.registerOutputs();
      }
    }
    function Two(self) {
      const first = self.of("first");
      self.of("second", { name: pulumi.interpolate\`${prefix}-\${first.id}\` });
    }
    function Five(self) {
      const all = [1, 2, 3, 4, 5].map((at) => self.of(String(at)));
      self.of("last", {}, { dependsOn: all });
    }
    function Nested(self) {
      new Component("inner", Two, { parent: self });
      const parent = self.of("parent");
      self.of("child", {}, { parent });
    }
    new Component("two", Two);
    new Component("five", Five);
    new Component("nested", Nested);`;
}

const count = 2 + 6 + 2 + 2;

describe("containers in components", function () {
  this.timeout(300_000);
  let hosted: TestBackend;
  let docker: TestBackend;
  let stack: Stack;
  before(async () => {
    [hosted, docker] = await Promise.all([testBackends.hosted(), testBackends.docker()]);
    stack = new Stack({ ...hosted.env, ...docker.env });
    stack.program(program(stack.prefix, docker.args)).init();
  });
  after(async () => {
    await stack.end(docker.holder);
    await Promise.all([hosted.stop(), docker.stop()]);
  });

  /** A container's name in the program. */
  const nameOf = (urn: string) =>
    urn
      .split("::")
      .at(-1)
      ?.slice(stack.prefix.length + 1) ?? "";
  const named = (name: string) => stack.containers().find(({ urn }) => nameOf(urn) === name) ?? assert.fail(name);

  it("are previewed and created, also in nested components and under another container", async () => {
    assert.match(await stack.ok("up", "--yes"), /\+ 17 to create\n.*\+ 17 created/s);
    assert.equal(stack.containers().length, count);
    assert.equal((await docker.inventory(stack.prefix)).length, 6);
  });

  it("depend only on the resources that the program names, and hidden inputs on nothing", () => {
    for (const { urn, dependencies, propertyDependencies } of stack.containers()) {
      const hidden = Object.entries(propertyDependencies).filter(([key]) => key.startsWith("__"));
      assert.deepEqual(
        hidden.flatMap(([, urns]) => urns ?? []),
        [],
        urn,
      );
      const expected: Record<string, string[]> = {
        "two-second": ["two-first"],
        "inner-second": ["inner-first"],
        "five-last": ["five-1", "five-2", "five-3", "five-4", "five-5"],
      };
      assert.deepEqual(dependencies.map(nameOf).sort(), expected[nameOf(urn)] ?? [], urn);
    }
  });

  it("record their own URN, at which Pulumi shows their messages, at any depth", () => {
    const { inputs, urn } = named("nested-child");
    assert.equal(inputs["__urn"], urn);
  });

  it("move out of their component with an alias, without a change", async () => {
    const moved = `
        new Container("${stack.prefix}-two-first", {}, { aliases: [{ parent: pulumi.createUrn("two", "tests:index:Two") }] });`;
    stack.program(
      program(stack.prefix, docker.args)
        .replace('const first = self.of("first");', 'const first = self.name === "two" ? moved : self.of("first");')
        .replace("class Component", `const moved = ${moved.trim()}\nclass Component`)
        .replace("this.of =", "this.name = name;\nthis.of ="),
    );
    assert.match(await stack.up("--expect-no-changes"), /17 unchanged/);
  });
});
