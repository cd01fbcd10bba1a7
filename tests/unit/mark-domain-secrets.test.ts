import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { unknown as sdkUnknown } from "@pulumi/pulumi/output";
import { serializeProperties, specialSecretSig, specialSigKey, unknownValue } from "@pulumi/pulumi/runtime/rpc";
import { Container } from "../../sdk/container";
import type { AllowlistNetworkPolicy, ContainerArgs } from "../../sdk/container-args";

const allowedDomains = ["a.example.com"];
const key = { domain: "a.example.com", name: "KEY" };
const domainSecrets = [{ ...key, value: "sk-1" }];
const policy: AllowlistNetworkPolicy = { type: "allowlist", allowedDomains, domainSecrets };

const secret = (value: unknown) => ({ [specialSigKey]: specialSecretSig, value });
const sealed = { type: "allowlist", allowedDomains, domainSecrets: secret(domainSecrets) };

/** The policy of a container as it is sent over Pulumi's wire. */
async function sent(args: ContainerArgs): Promise<unknown> {
  let properties: pulumi.Inputs = {};
  new Container("box", args, {
    transformations: [
      ({ props }) => {
        properties = props;
        return undefined;
      },
    ],
  });
  return (await serializeProperties("box", properties))["networkPolicy"];
}

describe("a container's domain secrets", () => {
  before(() =>
    pulumi.runtime.setMocks({
      call: () => ({}),
      newResource: ({ inputs }) => ({ id: "cntr_1", state: inputs }),
    }),
  );

  const ways: [how: string, networkPolicy: NonNullable<ContainerArgs["networkPolicy"]>][] = [
    ["in a plain policy", policy],
    ["marked by the program already", { ...policy, domainSecrets: pulumi.secret(domainSecrets) }],
    ["in an output", { ...policy, domainSecrets: pulumi.output(domainSecrets) }],
    ["in a promise", { ...policy, domainSecrets: Promise.resolve(domainSecrets) }],
    ["with an output for a value", { ...policy, domainSecrets: [{ ...key, value: pulumi.output("sk-1") }] }],
    ["with a secret for a value", { ...policy, domainSecrets: [{ ...key, value: pulumi.secret("sk-1") }] }],
    ["in a policy that is an output", pulumi.output(policy)],
    ["in a policy that is a promise", Promise.resolve(policy)],
    ["in a policy that is an output of a promise", pulumi.output(Promise.resolve(policy))],
  ];
  for (const [how, networkPolicy] of ways) {
    it(`are sent as a secret, and the rest in clear: ${how}`, async () => {
      assert.deepEqual(await sent({ networkPolicy }), sealed);
    });
  }

  it("make the whole policy secret where the program says so", async () => {
    assert.deepEqual(await sent({ networkPolicy: pulumi.secret(policy) }), secret(sealed));
  });

  it("are unknown as a whole while one of them is, and the rest of the policy is known", async () => {
    const value = pulumi.output(sdkUnknown).apply(String);
    assert.deepEqual(await sent({ networkPolicy: { ...policy, domainSecrets: [{ ...key, value }] } }), {
      ...sealed,
      domainSecrets: secret(unknownValue),
    });
  });

  it("leave a policy without any unchanged", async () => {
    for (const none of [{}, { domainSecrets: undefined }]) {
      const networkPolicy: AllowlistNetworkPolicy = { type: "allowlist", allowedDomains, ...none };
      assert.deepEqual(await sent({ networkPolicy }), { type: "allowlist", allowedDomains });
    }
    assert.deepEqual(await sent({ networkPolicy: { type: "disabled" } }), { type: "disabled" });
    assert.equal(await sent({ networkPolicy: pulumi.output(undefined) }), undefined);
    assert.equal(await sent({}), undefined);
  });
});
