import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";

/** Matches the failure of a data source, of which both Pulumi and Node print the message alone. */
export function failure(message: RegExp) {
  return (error: unknown) => {
    assert.ok(pulumi.RunError.isInstance(error));
    assert.match(error.message, message);
    assert.equal(error.stack, error.message);
    return true;
  };
}
