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

  it("are left out until restored, and no others are", () => {
    const restore = leaveOutDebugTraces();
    assert.equal(debuggablePromise(), "");
    assert.equal(other(), "mapped of another in other");
    restore();
    assert.equal(debuggablePromise(), "mapped of a promise in debuggablePromise");
  });

  it("are taken with PULUMI_DEBUG_PROMISE_LEAKS", () => {
    process.env["PULUMI_DEBUG_PROMISE_LEAKS"] = "1";
    const restore = leaveOutDebugTraces();
    assert.equal(debuggablePromise(), "mapped of a promise in debuggablePromise");
    restore();
  });

  it("are Node's own without source maps", () => {
    Reflect.deleteProperty(Error, "prepareStackTrace");
    const restore = leaveOutDebugTraces();
    assert.match(debuggablePromise() ?? "", /debug-traces\.test/);
    restore();
    assert.equal(Error.prepareStackTrace, undefined);
  });

  it("are taken in the SDK by the function of that name", () => {
    const { debuggablePromise: found } = require("@pulumi/pulumi/runtime/debuggable");
    assert.equal(found.name, debuggablePromise.name);
  });

  it("are left out of a new container", async () => {
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
