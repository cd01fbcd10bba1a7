import assert from "node:assert/strict";
import { unknownValue as sdkUnknownValue } from "@pulumi/pulumi/runtime/rpc";
import { unknownValue } from "../../provider/model/unknowns";

describe("unknown values", () => {
  it("are recognised by the SDK's own placeholder", () => {
    assert.equal(unknownValue, sdkUnknownValue);
  });
});
