import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Container } from "../../sdk";

describe("a mistake in a program's call", () => {
  before(() =>
    pulumi.runtime.setMocks({
      call: () => ({}),
      newResource: ({ name, inputs }) => ({ id: `cntr_${name}`, state: inputs }),
    }),
  );

  for (const [kind, args] of [
    ["an Output", pulumi.secret({ backend: "docker" })],
    ["a Promise", Promise.resolve({ backend: "docker" })],
    ["a string", "foo"],
    ["a list", [1]],
    ["a number", 4],
  ] as const) {
    it(`fails at once where the arguments of Container are ${kind}`, () => {
      assert.throws(() => Reflect.construct(Container, ["box", args]), {
        name: "Error",
        message: `OC4012: Container box: its arguments must be an object, and are ${kind}. Pass an object; its properties may be Outputs.`,
      });
    });
  }

  for (const [title, id] of [
    ["an empty string", ""],
    ["undefined", undefined],
    ["white space", " \n"],
  ] as const) {
    it(`fails at once where the id of Container.get is ${title}`, () => {
      assert.throws(() => Reflect.apply(Container.get, Container, ["got", id]), {
        message: /^OC4013: Container got: Container\.get needs the id of a container, and got none\. /,
      });
    });
  }

  it("leaves an id that is known, or is an Output, to Container.get", async () => {
    for (const id of ["cntr_1", pulumi.output("cntr_1"), Promise.resolve("cntr_1")]) {
      const got = Container.get("got", id);
      assert.equal(await new Promise((resolve) => got.id.apply(resolve)), "cntr_1");
    }
  });
});
