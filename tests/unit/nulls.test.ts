import assert from "node:assert/strict";
import { backendKinds } from "../../provider/backends";
import { check } from "../../provider/lifecycle/check";
import { recordFrom } from "../../provider/model/record";

const defaultBackend = { value: "docker", source: "the default" };
const checked = (written: Record<string, unknown>) =>
  check({}, written, { order: {}, secretArguments: [], defaultBackend, kinds: backendKinds });

describe("null", () => {
  it("means the same as left out in arguments, at any depth", () => {
    const networkPolicy = { type: "allowlist", allowedDomains: ["a.example.com"] };
    const nulls = { name: null, memoryLimit: null, fileIds: null, skills: null, expiresAfter: null, backend: null };
    assert.deepEqual(checked({ ...nulls, networkPolicy: null, docker: null }), checked({}));
    assert.deepEqual(
      checked({ networkPolicy: { ...networkPolicy, domainSecrets: null }, docker: { image: null, egress: null } }),
      checked({ networkPolicy }),
    );
  });

  it("is refused as a member of a list", () => {
    assert.deepEqual(checked({ networkPolicy: { type: "allowlist", allowedDomains: [null] } }).problems, [
      "OC1003: networkPolicy.allowedDomains[0]: got null, expected text",
    ]);
  });

  it("means the same as left out in state", () => {
    const nulls = { fileIds: null, skills: null, docker: null, imageId: null, project: null, name: null };
    assert.deepEqual(recordFrom({ backend: "openai", ...nulls }), recordFrom({ backend: "openai" }));
    assert.deepEqual(recordFrom({ docker: { image: null } }), recordFrom({ docker: {} }));
  });
});
