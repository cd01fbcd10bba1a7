import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";

/** What a look-up fails with, as both Pulumi and Node print it. */
export function failure(message: RegExp) {
  return (error: unknown) => {
    assert.ok(pulumi.RunError.isInstance(error));
    assert.match(error.message, message);
    assert.equal(error.stack, error.message);
    return true;
  };
}
