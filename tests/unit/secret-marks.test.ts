import assert from "node:assert/strict";
import { specialSecretSig, specialSigKey } from "@pulumi/pulumi/runtime/rpc";
import { withSecretsMarked } from "../../provider/model/secret-marks";

describe("the mark of domain secrets", () => {
  it("is Pulumi's own, and is put on these alone", () => {
    const policy = { type: "allowlist", allowedDomains: ["a.example"] };
    const domainSecrets = [{ domain: "a.example", name: "K", value: "1" }];
    assert.deepEqual(withSecretsMarked({ name: "a", networkPolicy: { ...policy, domainSecrets } }), {
      name: "a",
      networkPolicy: { ...policy, domainSecrets: { [specialSigKey]: specialSecretSig, value: domainSecrets } },
    });
    assert.deepEqual(withSecretsMarked({ networkPolicy: policy }), { networkPolicy: policy });
  });
});
