import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Container } from "../../sdk";
import { leaveOutDebugTraces } from "../../sdk/debug-traces";

/** As Pulumi's SDK takes a trace for a promise, and any other code does. */
function debuggablePromise(): string | undefined {
  return new Error("of a promise").stack;
}
function other(): string | undefined {
  return new Error("of another").stack;
}

describe("the stack traces that Pulumi takes of its promises", () => {
  const { prepareStackTrace } = Error;
  const debugging = process.env["PULUMI_DEBUG_PROMISE_LEAKS"];
  beforeEach(() => {
    Error.prepareStackTrace = (error, frames) => `mapped ${error.message} in ${frames[0]?.getFunctionName()}`;
  });
  afterEach(() => {
    Error.prepareStackTrace = prepareStackTrace;
    if (debugging === undefined) delete process.env["PULUMI_DEBUG_PROMISE_LEAKS"];
  });

  it("are left out until they are taken again, and no others are", () => {
    const takeAgain = leaveOutDebugTraces();
    assert.equal(debuggablePromise(), "");
    assert.equal(other(), "mapped of another in other");
    takeAgain();
    assert.equal(debuggablePromise(), "mapped of a promise in debuggablePromise");
  });

  it("are taken where somebody debugs leaks of promises", () => {
    process.env["PULUMI_DEBUG_PROMISE_LEAKS"] = "1";
    const takeAgain = leaveOutDebugTraces();
    assert.equal(debuggablePromise(), "mapped of a promise in debuggablePromise");
    takeAgain();
  });

  it("are Node's own where nothing maps them", () => {
    Reflect.deleteProperty(Error, "prepareStackTrace");
    const takeAgain = leaveOutDebugTraces();
    assert.match(debuggablePromise() ?? "", /debug-traces\.test/);
    takeAgain();
    assert.equal(Error.prepareStackTrace, undefined);
  });

  it("are taken by a function of the name that is looked for", () => {
    const { debuggablePromise: found } = require("@pulumi/pulumi/runtime/debuggable");
    assert.equal(found.name, debuggablePromise.name);
  });

  it("are left out of a new container, which had four of each property", async () => {
    await pulumi.runtime.setMocks({ newResource: ({ inputs }) => ({ id: "cntr_1", state: inputs }), call: () => ({}) });
    let traces = 0;
    Error.prepareStackTrace = (_, frames) => {
      if (frames[0]?.getFunctionName() === "debuggablePromise") traces += 1;
      return "";
    };
    const { id } = new Container("one");
    assert.equal(traces, 0);
    await new Promise<void>((resolve) => id.apply(() => resolve()));
  });
});
