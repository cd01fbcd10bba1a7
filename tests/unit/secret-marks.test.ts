import assert from "node:assert/strict";
import { specialSecretSig, specialSigKey } from "@pulumi/pulumi/runtime/rpc";
import { secretPaths, withSecretsMarked } from "../../provider/model/secret-marks";

describe("the mark of domain secrets", () => {
  // sdk/mark-domain-secrets.ts marks this one in the program, without the schema.
  it("is for the lists that the class marks too", () => {
    assert.deepEqual(secretPaths, [["networkPolicy", "domainSecrets"]]);
  });

  it("is Pulumi's own, and is put on these alone", () => {
    const policy = { type: "allowlist", allowedDomains: ["a.example.com"] };
    const domainSecrets = [{ domain: "a.example.com", name: "K", value: "1" }];
    assert.deepEqual(withSecretsMarked({ name: "a", networkPolicy: { ...policy, domainSecrets } }), {
      name: "a",
      networkPolicy: { ...policy, domainSecrets: { [specialSigKey]: specialSecretSig, value: domainSecrets } },
    });
    assert.deepEqual(withSecretsMarked({ networkPolicy: policy }), { networkPolicy: policy });
  });
});
