import assert from "node:assert/strict";
import { type Place, places } from "../support/place";
import { Stack } from "../support/stack";

/** What people build of containers: components of two and five, nested ones, a container under a container. */
function program(args: string): string {
  return `
    const args = { ${args} };
    class Component extends pulumi.ComponentResource {
      constructor(name, build, options) {
        super("tests:index:" + build.name, name, {}, options);
        this.of = (child, more = {}, options = {}) =>
          new Container(name + "-" + child, { ...args, ...more }, { parent: this, ...options });
        build(this);
        this.registerOutputs();
      }
    }
    function Two(self) {
      const first = self.of("first");
      self.of("second", { name: pulumi.interpolate\`after-\${first.id}\` });
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

for (const name of ["hosted", "docker"] as const) {
  describe(`containers in components, ${name}`, function () {
    this.timeout(240_000);
    let place: Place;
    let stack: Stack;
    before(async () => {
      place = await places[name]();
      stack = new Stack(place.env);
      // Named after the test, so that what is left can be found.
      await stack.program(program(place.args).replaceAll('"after-', `"${stack.prefix}-`)).init();
    });
    after(async () => {
      await stack.end(place.holder).finally(() => place.stop());
    });

    const containers = async () =>
      (await stack.state()).deployment.resources.filter(({ type }) => type.endsWith(":Container"));

    it("are previewed and made, siblings and a container under a container", async () => {
      assert.match(await stack.ok("preview"), /\+ 17 to create/);
      assert.match(await stack.up(), /\+ 17 created/);
      assert.equal((await containers()).length, count);
      assert.match(await stack.ok("preview", "--expect-no-changes"), /17 unchanged/);
    });

    it("depend on what their program says, and hidden inputs on nothing", async () => {
      const all = await containers();
      assert.equal(all.length, count);
      for (const { urn, dependencies, propertyDependencies } of all) {
        const hidden = Object.entries(propertyDependencies).filter(([key]) => key.startsWith("__"));
        assert.deepEqual(
          hidden.flatMap(([, urns]) => urns ?? []),
          [],
          urn,
        );
        const named = dependencies.map((dependency) => dependency.split("::").at(-1));
        const expected: Record<string, string[]> = {
          "two-second": ["two-first"],
          "inner-second": ["inner-first"],
          "five-last": ["five-1", "five-2", "five-3", "five-4", "five-5"],
        };
        assert.deepEqual(named.sort(), expected[urn.split("::").at(-1) ?? ""] ?? [], urn);
      }
    });

    it("have messages at their own line, wherever they are", async () => {
      const { inputs, urn } = (await containers()).find(({ urn }) => urn.endsWith("::nested-child")) ?? assert.fail();
      assert.equal(inputs["__urn"], urn);
    });

    it("move out of their component without a change, by an alias", async () => {
      const moved = `
        new Container("two-first", args, { aliases: [{ parent: pulumi.createUrn("two", "tests:index:Two") }] });`;
      const rest = program(place.args).replaceAll('"after-', `"${stack.prefix}-`);
      stack.program(
        rest
          .replace('const first = self.of("first");', 'const first = self.name === "two" ? moved : self.of("first");')
          .replace("class Component", `const moved = ${moved.trim()}\nclass Component`)
          .replace("this.of =", "this.name = name;\nthis.of ="),
      );
      assert.match(await stack.up("--expect-no-changes"), /17 unchanged/);
      assert.match(await stack.ok("preview", "--expect-no-changes"), /17 unchanged/);
    });

    it("are destroyed one at a time, a sibling that nothing needs first", async () => {
      const target = (await containers()).find(({ urn }) => urn.endsWith("::five-last"))?.urn ?? assert.fail();
      assert.match(await stack.ok("destroy", "--yes", "--skip-preview", "--target", target), /- 1 deleted/);
      assert.equal((await containers()).length, count - 1);
    });
  });
}
